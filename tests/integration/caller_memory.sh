#!/bin/bash
# Streams with the caller's zalloc: what they ask of it, against what zlib asks; nothing from elsewhere that an arena
# dropped without End would leak.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest caller_memory -lz
plain "$work/caller_memory" >"$work/plain" || fail "without the shim"
shimmed "$work/caller_memory" >"$work/shimmed" || fail "with the shim"
/usr/bin/python3 "$here/caller_memory.py" "$work/plain" "$work/shimmed" || fail "memory of the caller"
served caller_memory deflate 'requests >= 2000'
served caller_memory inflate 'requests >= 1000'
