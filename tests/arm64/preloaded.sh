#!/usr/bin/env bash
# A guest of ../integration with the shim preloaded and without, both under an emulator.
#
#   preloaded.sh GUEST EMULATOR [ARGUMENT ...]
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../integration/shim_run.sh
. "$here/../integration/shim_run.sh"
guest=$1
shift
emulator=("$@")
need "${emulator[0]}"

# The emulator itself is a program of this machine's, for which the shim is no library.
plain() { "${emulator[@]}" "$@"; }
shimmed() { "${emulator[@]}" -E "LD_PRELOAD=$WD_SHIM" -E "WD_STATS=$stats" "$@"; }

name=$(basename "$guest")
agree "$name" "$guest"
for algorithm in deflate inflate; do
  served "$name" "$algorithm" 'requests >= 200' 'bytes_in >= 100000'
done
for algorithm in crc32 adler32; do
  served "$name" "$algorithm" 'requests >= 10'
done
