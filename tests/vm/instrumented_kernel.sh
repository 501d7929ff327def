#!/usr/bin/env bash
# Builds a small kernel that watches itself: KASAN (bad memory), PROVE_LOCKING (deadlocks that could be), and
# DEBUG_ATOMIC_SLEEP. Debian has none with these. About ten minutes on two processors; the folder is kept.
#
#   instrumented_kernel.sh KERNEL_FOLDER FOLDER
#
# KERNEL_FOLDER as kernel.sh --source made it. FOLDER/vmlinuz, FOLDER/release, FOLDER/headers as there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(realpath "$1")/source.tar.xz
folder=$(realpath -m "$2")

made_of() { cat "$here/instrumented.config" "$source" | sha256sum; }
[[ ! -e $folder/complete || $(<"$folder/complete") != "$(made_of)" ]] || exit 0

echo "instrumented_kernel.sh: building, which takes about ten minutes" >&2
rm -rf "$folder"
mkdir -p "$folder/tree"
tar --extract --file "$source" --directory "$folder/tree" --strip-components=1
run() {
  nice make -C "$folder/tree" -j "$(nproc)" "$@" >>"$folder/build.log" 2>&1 || {
    tail -n 50 "$folder/build.log" >&2
    exit 1
  }
}
run tinyconfig
(cd "$folder/tree" && scripts/kconfig/merge_config.sh -m .config "$here/instrumented.config" >>"$folder/build.log")
run olddefconfig
# A wish that Kconfig did not grant is a kernel that does not watch.
while read -r wish; do
  grep -qxF "$wish" "$folder/tree/.config" || { echo "instrumented_kernel.sh: not granted: $wish" >&2; exit 1; }
done < <(grep '^CONFIG' "$here/instrumented.config")
run bzImage modules
cp "$folder/tree/arch/x86/boot/bzImage" "$folder/vmlinuz"
make -s -C "$folder/tree" kernelrelease >"$folder/release"
ln -sfn tree "$folder/headers"
made_of >"$folder/complete"
