#!/bin/bash
# Eight threads at once: right results, and statistics with no call lost.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest threads -lz -pthread
agree threads timeout 100 "$work/threads"
read -r deflates bytes_in inflates bytes_out <"$work/threads.shimmed"
served threads deflate "requests == $deflates" "bytes_in == $bytes_in"
served threads inflate "requests == $inflates" "bytes_out == $bytes_out"
served threads crc32 'requests >= 1000'
served threads adler32 'requests >= 1000'
