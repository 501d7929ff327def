#!/usr/bin/env bash
# Builds the modules of kmod/ and those of the tests for a kernel, outside the source tree.
#
#   modules.sh HEADERS FOLDER [--source SOURCE | --tools ROOT]
#
# FOLDER/kmod/uacce/uacce.ko, FOLDER/kmod/wd_dummy/wd_dummy.ko, FOLDER/test_device/uacce_test_device.ko; and with --source,
# the kernel's (kernel.sh's folder source):
# FOLDER/hisilicon/*/*.ko                     mainline's drivers on our uacce.ko
# FOLDER/mainline/uacce/uacce.ko              mainline's uacce
# FOLDER/mainline/kmod/wd_dummy/wd_dummy.ko   wd_dummy on that, as for a kernel which has it
# With --tools, make and the compiler are those in ROOT (kernel.sh's folder tools).
# What is up to date is not built again. A warning is an error.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
headers=$(realpath "$1")
folder=$(realpath -m "$2")
source='' tools=''
case ${3:-} in
  --source) source=$(realpath "$4") ;;
  --tools) tools=$(realpath "$4") ;;
esac

# copy SOURCE FOLDER: what is gone from the source must go there, what was built stays, and times are kept, for make.
copy() {
  mkdir -p "$2"
  rsync --archive --copy-links --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
    --exclude='.*.cmd' --exclude=probe.h --exclude=Module.symvers --exclude=modules.order "$1" "$2/"
}
run_make() {
  [[ -n $tools ]] || { make "$@"; return; }
  local namespaces=(--mount)
  [[ $(id -u) -eq 0 ]] || namespaces+=(--map-root-user)
  # In there, both folders are where they are here.
  # shellcheck disable=SC2016  # expanded in there
  unshare "${namespaces[@]}" sh -euc '
    tools=$1
    for at in "$2" "$3" /dev /proc; do
      mkdir -p "$tools$at"
      mount --rbind "$at" "$tools$at"
    done
    shift 3
    exec chroot "$tools" /usr/bin/env -i PATH=/usr/sbin:/usr/bin make "$@"' \
    sh "$tools" "${headers%/root/usr/src/*}" "$folder" "$@"
}
# build FOLDER [make arguments]
build() {
  local log=$folder/build.log
  run_make -C "$headers" M="$1" "${@:2}" modules >"$log" 2>&1 || {
    cat "$log" >&2
    return 1
  }
  # That some tools are not here says nothing of the sources; nor do mainline's own warnings.
  [[ $1 == "$folder/hisilicon" ]] || ! grep -E 'warning:|WARNING:' "$log" >&2
}

copy "$here/../../kmod" "$folder"
copy "$here/test_device" "$folder"
build "$folder/kmod"
build "$folder/test_device"
if [[ -n $source ]]; then
  copy "$source/drivers/crypto/hisilicon" "$folder"
  cp --preserve=timestamps "$here/mainline/hisilicon.kbuild" "$folder/hisilicon/Kbuild"
  build "$folder/hisilicon"
  copy "$source/drivers/misc/uacce" "$folder/mainline"
  cp --preserve=timestamps "$here/mainline/uacce.kbuild" "$folder/mainline/uacce/Kbuild"
  build "$folder/mainline/uacce"
  copy "$here/../../kmod" "$folder/mainline"
  # What a kernel with CONFIG_UACCE=m says of itself.
  build "$folder/mainline/kmod" CONFIG_UACCE=m KCFLAGS=-DCONFIG_UACCE_MODULE=1 \
    KBUILD_EXTRA_SYMBOLS="$folder/mainline/uacce/Module.symvers"
fi
