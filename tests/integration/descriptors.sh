#!/bin/bash
# Descriptors: the shim keeps none that a program could close under it, writes into none that is not its own, and
# never a byte on standard output.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest closes_descriptors -lz
mkdir "$work/plain.files" "$work/files"
plain "$work/closes_descriptors" "$work/plain.files" >"$work/want.out" || fail "closes_descriptors without the shim"
shimmed "$work/closes_descriptors" "$work/files" >"$work/out" || fail "a program that closes all descriptors"
same "$work/want.out" "$work/out"
diff -r "$work/plain.files" "$work/files" || fail "files of the program"
served closes_desc deflate 'requests == 24' 'bytes_in == 770000'

# None is left open in the program, none is inherited by what it executes.
descriptors=(/usr/bin/python3 -c '
import os, sys, zlib
zlib.decompress(zlib.compress(b"text" * 50_000))
sys.stdout.flush()
os.execvp("ls", ["ls", "/proc/self/fd"])')
agree inherited_descriptors "${descriptors[@]}"
agree open_descriptors /usr/bin/python3 -c '
import os, zlib
zlib.decompress(zlib.compress(b"text" * 50_000))
print(sorted(os.listdir("/proc/self/fd")))'

# Standard output is the program's, whatever is switched on.
text='import sys, zlib; sys.stdout.buffer.write(zlib.decompress(zlib.compress(bytes(range(256)) * 4000)))'
/usr/bin/python3 -c "$text" >"$work/want.out"
env LD_PRELOAD="$WD_SHIM" WD_STATS=- WD_LOG=debug /usr/bin/python3 -c "$text" >"$work/out" 2>"$work/err" || fail "WD_LOG=debug"
same "$work/want.out" "$work/out" "standard output with WD_STATS=- and WD_LOG=debug"
grep '^{' "$work/err" >"$stats" || fail "no statistics on standard error"
served python3 deflate 'requests >= 1' 'bytes_in == 1024000'

# Without standard streams, a file of the program gets one of their numbers: nothing of ours goes there.
run_with_closed() { bash -c "exec \"\$@\" $closed" bash "$@" >"$work/out"; }
for closed in '>&-' '2>&-' '<&- >&- 2>&-'; do
  rm -f "$work"/*files/*
  run_with_closed "$work/closes_descriptors" "$work/plain.files"
  run_with_closed env LD_PRELOAD="$WD_SHIM" WD_STATS="$stats" "$work/closes_descriptors" "$work/files" ||
    fail "a program started with $closed"
  diff -r "$work/plain.files" "$work/files" || fail "files of a program started with $closed"
done
