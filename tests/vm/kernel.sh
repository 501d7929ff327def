#!/usr/bin/env bash
# Gets Debian's kernel for virtual machines: image, modules and headers of one version, by download and unpacking.
# Nothing is installed, and the kernel that this machine runs does not matter. Got once; the folder is kept.
#
#   kernel.sh FOLDER [--suite SUITE] [--arm64] [--source] [--tools]
#
# SUITE, such as trixie, is Debian's whose kernel it is to be; this machine's own by default.
# FOLDER/release       its name, such as 6.1.0-9-amd64
# FOLDER/vmlinuz       the image
# FOLDER/headers       to build modules against (KDIR)
# FOLDER/root          the packages, unpacked; modules in root/lib/modules
# FOLDER/headers-arm64 with --arm64: of the same version, to cross-build against
# FOLDER/source.tar.xz with --source: the source of the same version
# FOLDER/tools         with --tools: a root with what builds modules for a kernel whose own compiler is newer than here
# FOLDER/source        with --source: of that, uacce, HiSilicon's drivers, and scripts such as checkpatch
set -euo pipefail
folder=$(realpath -m "$1")
shift
mkdir -p "$folder"

parts=(amd64)
suite=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --arm64 | --source | --tools) parts+=("${1#--}") ;;
    --suite)
      suite=$2
      shift
      ;;
    *) echo "kernel.sh: what is $1?" >&2; exit 2 ;;
  esac
  shift
done
missing=()
for part in "${parts[@]}"; do [[ -e $folder/$part.complete ]] || missing+=("$part"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0

work=$(mktemp -d "$folder/download.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{state/lists/partial,cache/archives/partial}
: >"$work/state/status"
asked=(-o APT::Architecture=amd64 -o APT::Architectures::=amd64)
[[ " ${parts[*]} " != *" arm64 "* ]] || asked+=(-o APT::Architectures::=arm64)
if [[ -n $suite ]]; then
  # In the archive of Debian that this machine uses.
  # shellcheck disable=SC2016  # apt fills it in
  archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
  for from in "$suite" "${suite%-backports}"; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $from main"
  done | uniq >"$work/sources.list"
  asked+=(-o APT::Default-Release="$suite")
  asked+=(-o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=-)
fi

# The machine's own sources, or those of the suite, asked as a machine with nothing installed. (Run by root, apt would
# change to a user who may not write here.)
apt_privately() {
  local command=$1
  shift
  "$command" -q "${asked[@]}" -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o Dir::Cache="$work/cache" -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" "$@"
}
# depends PACKAGE PATTERN: what it depends on whose name matches
depends() { apt_privately apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)$/\1/p"; }

echo "kernel.sh: fetching Debian's kernel (${missing[*]})" >&2
# A source that has nothing for one architecture is no harm, if the packages are elsewhere.
apt_privately apt-get update >"$work/log" 2>&1 || echo "kernel.sh: not every source could be read" >&2

# What is there already says which version the rest must have.
if [[ -e $folder/amd64.complete ]]; then
  read -r image version <"$folder/amd64.complete"
else
  image=$(depends linux-image-amd64 'linux-image-.*' | head -n 1)
  version=$(apt_privately apt-cache policy "$image" | sed -n 's/^  Candidate: //p')
fi
[[ -n $image && -n $version ]] || { echo "kernel.sh: no linux-image-amd64 among the sources" >&2; exit 1; }
release=${image#linux-image-}
upstream=$(cut -d. -f1,2 <<<"$version")

# fetch FOLDER PACKAGE ...: downloads and unpacks
fetch() {
  local into=$1 package debs=$work/debs
  shift
  rm -rf "$debs"
  mkdir -p "$debs" "$into"
  (cd "$debs" && apt_privately apt-get download "${@/%/=$version}" >>"$work/log" 2>&1) || {
    cat "$work/log" >&2
    echo "kernel.sh: $* of version $version could not be had; without $folder it would start over" >&2
    exit 1
  }
  for package in "$debs"/*.deb; do dpkg-deb --extract "$package" "$into"; done
}

# The headers' makefile includes that of the common ones by the path at which they would be installed.
relocate() { sed -i "s|/usr/src/|$folder/root/usr/src/|" "$folder/root/usr/src/$1/Makefile"; }

get_amd64() {
  local others
  # From 7 on, image and modules are packages of their own.
  mapfile -t others < <(depends "linux-headers-$release" 'linux-headers-.*-common' &&
    depends "linux-headers-$release" 'linux-kbuild-[^:]*' && depends "$image" "linux-\(base\|binary\|modules\)-$release")
  fetch "$folder/root" "$image" "linux-headers-$release" "${others[@]}"
  relocate "linux-headers-$release"
  ln -sfn "root/usr/src/linux-headers-$release" "$folder/headers"
  # From 7 on, all is in /usr, the image too.
  [[ -e $folder/root/lib ]] || ln -s usr/lib "$folder/root/lib"
  ln -sfn "root/boot/vmlinuz-$release" "$folder/vmlinuz"
  [[ -e $folder/vmlinuz ]] || ln -sfn "root/lib/modules/$release/vmlinuz" "$folder/vmlinuz"
  depmod --basedir "$folder/root" "$release"
  echo "$release" >"$folder/release"
}
get_arm64() {
  local name=linux-headers-${release%-amd64}-arm64
  fetch "$folder/root" "$name:arm64"
  relocate "$name"
  # scripts and tools, links to programs for arm64 once installed there, lead to this machine's: they are at the
  # same place, and no other has been unpacked.
  ln -sfn "root/usr/src/$name" "$folder/headers-arm64"
}
get_source() {
  fetch "$work/source" "linux-source-$upstream"
  mv "$work/source/usr/src/linux-source-$upstream.tar.xz" "$folder/source.tar.xz"
  rm -rf "$folder/source"
  mkdir "$folder/source"
  tar --extract --file "$folder/source.tar.xz" --directory "$folder/source" --strip-components=1 --wildcards \
    '*/drivers/misc/uacce' '*/drivers/crypto/hisilicon' '*/scripts'
}
# Unpacked with all that they need, to chroot to; nothing in there is configured, which compilers do not mind.
get_tools() {
  local compiler package
  compiler=$(sed -n 's/^CONFIG_CC_VERSION_TEXT=".*-\(gcc-[0-9]*\) .*/\1/p' "$folder/headers/.config")
  apt_privately apt-get install --download-only --assume-yes --no-install-recommends "$compiler" make libelf1t64 pahole \
    bash dash coreutils diffutils findutils grep mawk perl-base sed >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  rm -rf "$folder/tools"
  mkdir "$folder/tools"
  for package in "$work"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --directory "$folder/tools"
  done
  ln -s mawk "$folder/tools/usr/bin/awk"
}
for part in "${missing[@]}"; do
  "get_$part"
  echo "$image $version" >"$folder/$part.complete"
done
