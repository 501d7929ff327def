#!/bin/bash
# Streams without a zalloc: what one costs, against zlib.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest own_memory -lz
guest_library malloc_ledger malloc_ledger.so
env LD_PRELOAD="$work/malloc_ledger.so" "$work/own_memory" >"$work/plain" || fail "without the shim"
env LD_PRELOAD="$work/malloc_ledger.so:$WD_SHIM" WD_STATS="$stats" "$work/own_memory" >"$work/shimmed" || fail "with the shim"
/usr/bin/python3 "$here/own_memory.py" "$work/plain" "$work/shimmed" || fail "memory of streams"
served own_memory deflate 'requests >= 1000'
served own_memory inflate 'requests >= 150'
