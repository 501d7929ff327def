# shellcheck shell=bash disable=SC2034,SC2154
title="python3: zlib.decompress, JSON"

prepare() { pigz -cz <"$scratch/json" >"$work/in"; }

run() {
  /usr/bin/python3 -c '
import sys, zlib
open(sys.argv[2], "wb").write(zlib.decompress(open(sys.argv[1], "rb").read()))' \
    "$work/in" "$out"
}

result() { cat "$out"; }
expected() { cat "$scratch/json"; }
