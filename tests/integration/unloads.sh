#!/bin/bash
# The shim by dlopen: when it is closed again it is gone, and nothing that it held is left, above all no queue.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest unloads -pthread
run() { env WD_STATS="$stats" timeout 60 "$work/unloads" "$WD_SHIM" 20 >"$work/out" || fail "unloads"; }
run
served unloads deflate 'requests == 80' 'processes == 20'
served unloads inflate 'requests == 40'
held=$(<"$work/out")
# shellcheck disable=SC2154 # of shim_run.sh
if [[ $devices == none ]]; then
  [[ $held == 0 ]] || fail "$held descriptors in software"
else
  [[ $held -ge 2 ]] || fail "no queue was open"
  served unloads deflate 'device_processes == 20'
fi
