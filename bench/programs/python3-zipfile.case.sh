# shellcheck shell=bash disable=SC2034,SC2154
title="python3: zipfile, packing C headers"

prepare() { cp -r "$corpora/trees/linux-libc-dev/usr/include/linux" "$work/in"; }
run() { (cd "$work" && /usr/bin/python3 -m zipfile -c "$out" in); }

contents() { (cd "$1" && find in -type f | sort | xargs -d '\n' sha256sum); }
result() {
  rm -rf "$work/unpacked"
  /usr/bin/python3 -m zipfile -e "$out" "$work/unpacked" && contents "$work/unpacked"
}
expected() { contents "$work"; }
output_bytes() { stat -c %s "$out"; }
