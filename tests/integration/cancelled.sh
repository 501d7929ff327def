#!/bin/bash
# Threads that are to be cancelled: zlib's functions are no points to be cancelled at, with whatever the shim opens, reads
# and waits for inside.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest cancelled -lz -pthread
agree cancelled timeout 60 "$work/cancelled"
served cancelled deflate 'requests == 24' 'processes == 1'
served cancelled inflate 'requests == 24'
# shellcheck disable=SC2154 # of shim_run.sh
[[ $devices == none ]] || served cancelled deflate 'device_processes == 1'
