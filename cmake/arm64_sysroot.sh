#!/usr/bin/env bash
# Makes build/arm64-sysroot, a folder of unpacked Debian packages for arm64: what a cross build links
# besides libc, and what its programs need to run under qemu. Used again when it is there.
#
#   cmake/arm64_sysroot.sh
#
# Nothing is installed, and the system's list of architectures stays as it is. Installed side by
# side, a library's packages for two architectures must be of one version, so that apt would refuse,
# or change what is installed, wherever the archive has gone on since.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

linked=(zlib1g-dev libdeflate-dev libssl-dev libisal-dev libgtest-dev)
loaded=(libc6 libgcc-s1 libstdc++6 zlib1g libssl3 libisal2)
packages=("${linked[@]}" "${loaded[@]}")

folder=$PWD/build/arm64-sysroot
list=$folder/packages.txt
[[ ! -e $list || $(<"$list") != "${packages[*]}" ]] || exit 0

mkdir -p build
work=$(mktemp -d "$PWD/build/arm64-sysroot.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{debs,root,state/lists/partial,cache/archives/partial}
: >"$work/state/status"

# The machine's own sources, asked as a machine of the other architecture with nothing installed.
# (Run by root, apt would change to a user who may not write here.)
apt=(apt-get -qq
  -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root
  -o Acquire::Languages=none -o Dir::Cache="$work/cache"
  -o Dir::State="$work/state" -o Dir::State::status="$work/state/status")
echo "fetching for arm64: ${packages[*]}"
# A source that has nothing for arm64 is no harm, if the packages are elsewhere.
"${apt[@]}" update || echo "arm64_sysroot.sh: not every source could be read" >&2
(cd "$work/debs" && "${apt[@]}" download "${packages[@]}")

for deb in "$work"/debs/*.deb; do
  dpkg-deb --extract "$deb" "$work/root"
done
echo "${packages[*]}" >"$work/root/packages.txt"
rm -rf "$folder"
mv "$work/root" "$folder"
