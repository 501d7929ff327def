#!/usr/bin/env bash
# What is found out about the kernel modules without a machine.
#
#   checks.sh KERNEL_FOLDER FOLDER warnings|style|arm64|refused|fragment|dkms
#
# KERNEL_FOLDER as kernel.sh --arm64 --source made it; FOLDER is where things are built.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kmod=$here/../../kmod
kernel=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
release=$(<"$kernel/release")

fail() {
  echo "checks.sh: $*" >&2
  exit 1
}
# fresh NAME: a copy of kmod/'s sources to build in
fresh() {
  rm -rf "${folder:?}/$1"
  mkdir -p "$folder/$1"
  (cd "$kmod/.." && git ls-files -z --cached --others --exclude-standard kmod | tar --null --create --files-from -) |
    tar --extract --directory "$folder/$1" --strip-components=1
}

# The compiler's extra warnings, and sparse.
check_warnings() {
  fresh warnings
  make -C "$folder/warnings" KDIR="$kernel/headers" W=1 C=2 >"$folder/warnings.log" 2>&1 || { cat "$folder/warnings.log"; exit 1; }
  grep -q '^  CHECK ' "$folder/warnings.log" || fail "sparse did not run"
  ! grep -E 'warning:|error:|WARNING' "$folder/warnings.log"
}
check_style() {
  local files
  # Kbuild is the name of a file, and of what it says the name of.
  checkpatch() { "$kernel/source/scripts/checkpatch.pl" --no-tree --strict --terse --show-types --ignore EMBEDDED_FILENAME --file "$@"; }
  printf '// SPDX-License-Identifier: GPL-2.0-only\nint *  a;\n' >"$folder/wrong.c"
  ! checkpatch "$folder/wrong.c" >/dev/null || fail "checkpatch takes anything"
  cd "$kmod/.."
  mapfile -t files < <(git ls-files --cached --others --exclude-standard 'kmod/*.[ch]' 'kmod/**/Kbuild' kmod/Kbuild 'kmod/*.sh' \
    'kmod/*.mk' 'tests/vm/test_device/*.[ch]')
  [[ ${#files[@]} -gt 10 ]] || fail "where are the sources?"
  checkpatch "${files[@]}"
}
# Cross-built, against headers of the same version.
check_arm64() {
  local file
  fresh arm64
  make -C "$folder/arm64" KDIR="$kernel/headers-arm64" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
    CC=aarch64-linux-gnu-gcc-12 >"$folder/arm64.log" 2>&1 || { cat "$folder/arm64.log"; exit 1; }
  ! grep -E 'warning:|error:|WARNING' "$folder/arm64.log" || exit 1
  for file in uacce/uacce.ko wd_dummy/wd_dummy.ko; do
    [[ $(LC_ALL=C readelf --file-header "$folder/arm64/$file") == *AArch64* ]] || fail "$file is not for arm64"
  done
}
# A kernel that has uacce gets wd_dummy.ko alone, and an error if uacce.ko is asked for.
check_refused() {
  local has=(CONFIG_UACCE=m KCFLAGS=-DCONFIG_UACCE_MODULE=1 KBUILD_MODPOST_WARN=1)
  fresh refused
  make -C "$folder/refused" KDIR="$kernel/headers" "${has[@]}" uacce >"$folder/refused.log" 2>&1 &&
    fail "uacce.ko is built for a kernel that has uacce"
  grep -q 'This kernel has uacce itself' "$folder/refused.log" || { cat "$folder/refused.log"; fail "no clear message"; }
  make -C "$folder/refused" KDIR="$kernel/headers" "${has[@]}" >"$folder/refused.log" 2>&1 || { cat "$folder/refused.log"; exit 1; }
  [[ -e $folder/refused/wd_dummy/wd_dummy.ko && ! -e $folder/refused/uacce/uacce.ko ]] || fail "not wd_dummy.ko alone"
}
# Installed by hand; a driver of somebody else is then built with the fragment, and cannot be built without.
check_fragment() {
  local root=$folder/fragment/root driver=$folder/fragment/driver
  fresh fragment
  make -C "$folder/fragment" KDIR="$kernel/headers" modules >"$folder/fragment.log" 2>&1
  make -C "$folder/fragment" KDIR="$kernel/headers" INSTALL_MOD_PATH="$root" DESTDIR="$root" install >>"$folder/fragment.log" 2>&1 ||
    { cat "$folder/fragment.log"; exit 1; }
  [[ -n $(find "$root/lib/modules/$release" -name 'uacce.ko*') ]] || fail "uacce.ko was not installed"
  [[ -e $root/usr/lib/udev/rules.d/60-uacce.rules && -e $root/usr/lib/sysusers.d/uacce.conf ]] || fail "no rule, or no group"
  mkdir -p "$driver"
  cp "$here"/test_device/*.[ch] "$folder/fragment/uacce/probe.h" "$driver"
  # shellcheck disable=SC2016 # make's variables
  printf 'include %s/lib/modules/$(KERNELRELEASE)/uacce-build/uacce.mk\nobj-m := uacce_test_device.o\n' "$root" >"$driver/Kbuild"
  make -C "$kernel/headers" M="$driver" modules >>"$folder/fragment.log" 2>&1 || { cat "$folder/fragment.log"; exit 1; }
  [[ $(modinfo --field depends "$driver/uacce_test_device.ko") == uacce ]] || fail "the driver does not need uacce"

  rm "$root/lib/modules/$release/uacce-build/Module.symvers"
  make -C "$kernel/headers" M="$driver" modules >"$folder/fragment.log" 2>&1 && fail "built without the symbols of uacce.ko"
  grep -q 'Module.symvers is missing' "$folder/fragment.log" || { cat "$folder/fragment.log"; fail "no clear message"; }
}
# Both packages, by DKMS, in folders of our own.
check_dkms() {
  local tree=$folder/dkms package
  rm -rf "$tree"
  mkdir -p "$tree"/{var,install,modules}
  fresh dkms/sources
  make -C "$tree/sources" KDIR="$kernel/headers" DESTDIR="$tree" dkms >"$folder/dkms.log"
  # It finds headers beside modules.
  mkdir -p "$tree/modules/$release"
  ln -s "$kernel/headers" "$tree/modules/$release/build"
  for package in uacce wd_dummy; do
    dkms build "$package/0.1" -k "$release" --kernelsourcedir "$kernel/headers" --dkmstree "$tree/var" --sourcetree "$tree/usr/src" \
      --installtree "$tree/modules" >>"$folder/dkms.log" 2>&1 || { cat "$folder/dkms.log"; find "$tree/var" -name make.log -exec cat {} +; exit 1; }
    [[ -n $(find "$tree/var/$package/0.1/$release" -name "$package.ko*") ]] || fail "DKMS did not build $package.ko"
  done
  [[ -s $tree/modules/$release/uacce-build/Module.symvers ]] || fail "no build fragment for drivers"
}

"check_$3"
