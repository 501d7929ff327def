#!/usr/bin/env bash
# Gets OpenSSL's own source, of the very version of the libcrypto that is installed, as Debian has it: a folder
# with the upstream source unpacked, whose name is printed. Got once per version.
#
#   source.sh FOLDER [--upgrade]
#
# The machine's own package sources are asked, through apt, in a state folder of our own: nothing in /etc or
# /var is changed. An archive often keeps the newest version alone. With --upgrade, where the installed one is
# not to be had, the installed packages are brought to the version whose source is; without, that is a failure.
set -euo pipefail
folder=$(realpath -m "$1")
upgrade=${2:-}

# libssl-dev needs libssl of exactly its own version. All Debian revisions of an upstream version have one source.
upstream_of() { sed 's/^[0-9]*://; s/-[^-]*$//' <<<"$1"; }
installed() { upstream_of "$(dpkg-query -W -f='${source:Version}' libssl-dev)"; }

# apt_privately COMMAND...: apt with the machine's configuration and keys, but source packages, and our own state.
apt_privately() {
  local command=$1
  shift
  # _apt may not be able to write here, and need not: all is verified before it is used.
  "$command" -q -o Dir::State="$state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$state/cache" \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$state/sources" -o APT::Sandbox::User=root "$@"
}

# The machine's sources, as sources of source packages.
derive_sources() {
  local list parts file
  eval "$(apt-config shell list Dir::Etc::SourceList/f parts Dir::Etc::SourceParts/d)"
  for file in "$list" "$parts"/*.list; do
    [[ ! -f $file ]] || sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" >"$state/sources/$(basename "$file")"
  done
  for file in "$parts"/*.sources; do
    [[ ! -f $file ]] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$state/sources/$(basename "$file")"
  done
}

# The Debian versions to be had whose upstream version is the given one.
versions_of() {
  local version
  for version in $(apt_privately apt-cache showsrc openssl | sed -n 's/^Version: //p'); do
    [[ $(upstream_of "$version") != "$1" ]] || echo "$version"
  done
}

wanted=$(installed)
if [[ ! -e $folder/$wanted/complete ]]; then
  state=$(mktemp -d "${TMPDIR:-/tmp}/wd-openssl-source.XXXXXX")
  trap 'rm -rf "$state"' EXIT
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/sources"
  derive_sources
  # Sources of other vendors may have no source packages. What matters is whether there is one of openssl.
  apt_privately apt-get update >"$state/log" 2>&1 || true
  versions=$(versions_of "$wanted")
  if [[ -z $versions && $upgrade == --upgrade ]]; then
    "$(dirname "$0")/../../../cmake/packages.sh" --upgrade libssl-dev openssl >&2
    wanted=$(installed)
    versions=$(versions_of "$wanted")
  fi
  if [[ -z $versions ]]; then
    {
      cat "$state/log"
      echo "The source of OpenSSL $wanted, which is installed, is not to be had. There are:"
      apt_privately apt-cache showsrc openssl | grep '^Version:' | sort -u
      echo "tests/run.sh upgrades the installed packages where that helps."
    } >&2
    exit 1
  fi
  rm -rf "${folder:?}/$wanted"
  mkdir -p "$folder/$wanted"
  (cd "$state" && apt_privately apt-get source --download-only --tar-only "openssl=$(head -n 1 <<<"$versions")" >>log 2>&1) ||
    { cat "$state/log" >&2; exit 1; }
  tar -C "$folder/$wanted" --strip-components=1 -xf "$state"/openssl_"$wanted".orig.tar.*z
  touch "$folder/$wanted/complete"
fi
echo "$folder/$wanted"
