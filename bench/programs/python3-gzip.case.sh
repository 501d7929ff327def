# shellcheck shell=bash disable=SC2034,SC2154
title="python3: gzip.open, writing text in 64 KiB"

prepare() { :; }

run() {
  /usr/bin/python3 -c '
import gzip, shutil, sys
with open(sys.argv[1], "rb") as source, gzip.open(sys.argv[2], "wb", compresslevel=6) as packed:
    shutil.copyfileobj(source, packed)' "$scratch/text" "$out"
}

result() { gzip -dc "$out"; }
expected() { cat "$scratch/text"; }
output_bytes() { stat -c %s "$out"; }
