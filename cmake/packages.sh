#!/usr/bin/env bash
# Installs the Debian packages that the named groups need and that are missing here.
#
#   cmake/packages.sh build|test|bench|programs|arm64|vm|debian13 ...
#   cmake/packages.sh --upgrade PACKAGE ...          brings packages to the newest version there is
#
# As root it uses apt-get, else sudo, if that can do it without asking or somebody is there to ask;
# where neither is to be had it lists what is missing and exits with 2. Nothing missing: no output,
# no network.
set -euo pipefail

packages_of() {
  case $1 in
    build)
      echo g++ cmake ninja-build binutils pkg-config zlib1g-dev libdeflate-dev libssl-dev
      # There for this architecture only.
      [[ $(dpkg --print-architecture) != amd64 ]] || echo libipsec-mb-dev
      ;;
    test) echo libgtest-dev clang libclang-rt-dev clang-format shellcheck valgrind libc6-dbg gcc \
      g++ libc6-dev python3 libpython3.11-testsuite git pigz perl rsync curl nginx-light procps \
      libisal-dev zopfli p7zip-full openssl openssh-server openssh-client \
      python3-cryptography-vectors dpkg-dev xz-utils strace ;;
    bench) echo libbenchmark-dev libzstd-dev libisal-dev python3 dpkg-dev xz-utils strace ;;
    vm) echo qemu-system-x86 busybox-static cpio kmod rsync make gcc libc6-dev libelf-dev flex bison bc sparse perl \
      dkms gcc-aarch64-linux-gnu xz-utils pahole ;;
    debian13) echo debootstrap ;;
    programs) echo python3 git pigz curl perl ;;
    arm64) echo g++-aarch64-linux-gnu binutils-aarch64-linux-gnu qemu-user ;;
    *) echo "packages.sh: no group named '$1'" >&2; exit 2 ;;
  esac
}

missing=()
if [[ ${1:-} == --upgrade ]]; then
  missing=("${@:2}")
else
  wanted=()
  for group in "$@"; do
    read -ra more <<<"$(packages_of "$group" | tr '\n' ' ')"
    wanted+=("${more[@]}")
  done
  for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [[ $status == "install ok installed" ]] || missing+=("$package")
  done
fi
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) -eq 0 ]]; then
  as_root=()
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
  as_root=(sudo)
else
  {
    echo "These Debian packages are missing, or too old, and neither root nor sudo is at hand to install them:"
    printf '  %s\n' "${missing[@]}"
    echo "Have an administrator run: apt-get install ${missing[*]}"
  } >&2
  exit 2
fi

# A server package must not start its service on a machine that only wants to test or measure.
policy=/usr/sbin/policy-rc.d
made_policy=no
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  made_policy=yes
fi
remove_policy() { [[ $made_policy == no ]] || "${as_root[@]}" rm -f "$policy"; }
trap remove_policy EXIT

echo "installing: ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
  "${missing[@]}"
