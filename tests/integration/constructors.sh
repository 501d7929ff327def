#!/bin/bash
# Calls before the shim's constructor and after its destructor, if it has any: nothing may depend on their order.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

# The library that calls early: needed by the program, or preloaded before or after the shim.
guest_library early_library libearly.so -lz
guest early_and_late "$work/libearly.so" "-Wl,-rpath,$work" -lz
agree needed "$work/early_and_late"
[[ $(wc -l <"$work/needed.plain") == 4 ]] || fail "a stage is missing: $(<"$work/needed.plain")"
# What comes after the shim has written its line cannot be in it; all that is done up to the end of main is.
served early_and_late deflate 'requests >= 6' 'bytes_in >= 190000'

for order in "$WD_SHIM:$work/libearly.so" "$work/libearly.so:$WD_SHIM"; do
  forget_stats
  env LD_PRELOAD="$order" WD_STATS="$stats" "$work/early_and_late" >"$work/preloaded" || fail "LD_PRELOAD=$order"
  diff <(sort "$work/needed.plain") <(sort "$work/preloaded") || fail "LD_PRELOAD=$order"
  served early_and_late deflate 'requests >= 6' 'bytes_in >= 190000'
done
