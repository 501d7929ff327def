# shellcheck shell=bash disable=SC2034,SC2154
title="python3: zlib.compress, JSON"

prepare() { :; }

run() {
  /usr/bin/python3 -c '
import sys, zlib
open(sys.argv[2], "wb").write(zlib.compress(open(sys.argv[1], "rb").read()))' \
    "$scratch/json" "$out"
}

result() { pigz -dcz <"$out"; }
expected() { cat "$scratch/json"; }
output_bytes() { stat -c %s "$out"; }
