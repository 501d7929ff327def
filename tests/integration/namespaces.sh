#!/bin/bash
# The shim in two namespaces of one process (dlmopen): neither takes what is the other's, when the process ends at the latest.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest namespaces
env WD_STATS="$stats" timeout 60 "$work/namespaces" "$WD_SHIM" || fail "namespaces"
served namespaces deflate 'requests == 4'
served namespaces inflate 'requests == 4'
