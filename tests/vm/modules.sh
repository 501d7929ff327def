#!/usr/bin/env bash
# Builds the modules of kmod/ and those of the tests for a kernel, outside the source tree.
#
#   modules.sh HEADERS FOLDER [make arguments]
#
# FOLDER/kmod/uacce/uacce.ko, FOLDER/kmod/wd_dummy/wd_dummy.ko, FOLDER/test_device/uacce_test_device.ko. What is up to
# date is not built again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
headers=$(realpath "$1")
folder=$(realpath -m "$2")
shift 2

mkdir -p "$folder"
# What is gone from the sources must go there, and times must stay, for make.
rsync --archive --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' --exclude='.*.cmd' \
  --exclude='probe.h' --exclude='Module.symvers' --exclude='modules.order' "$here/../../kmod" "$here/test_device" "$folder/"
build() {
  make -C "$headers" M="$1" "${@:2}" modules >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log" >&2
    return 1
  }
  # Kbuild's own words about tools that are missing here say nothing of the sources.
  ! grep -E 'warning:|error:|WARNING: modpost' "$folder/build.log" >&2
}
build "$folder/kmod" "$@"
build "$folder/test_device" "$@"
