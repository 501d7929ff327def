# shellcheck shell=bash
# Sourced by the shell tests: how to run a program with and without the shim, and how to prove that the shim was in it.
#
# A test first runs a program without the shim (the oracle), then with it, compares the results, and asks
# WD_STATS whether the calls really came to us: a run in which the shim was not used must fail.

set -Eeuo pipefail
trap 'echo "FAILED at line $LINENO: $BASH_COMMAND" >&2' ERR

: "${WD_SHIM:?set WD_SHIM to the path of libwd_z.so}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# What the caller's shell says about us must not reach the programs under test.
unset LD_PRELOAD LD_LIBRARY_PATH WD_STATS WD_LOG WD_COMPRESSION SOURCE_DATE_EPOCH
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d "${TMPDIR:-/tmp}/wd-integration.XXXXXX")
export TMPDIR=$work
stats=$work/stats.jsonl
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# A missing program is a failure: a test that skips itself shows nothing.
need() {
  local tool
  for tool; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done
}

[[ -r $WD_SHIM ]] || fail "no shim at $WD_SHIM"

# WD_TEST_DEVICES names the emulated devices that the shim finds, which the caller's environment has set up: v2, v3, or
# faults, where they fail all the time. Without it there are none. What is compressed is then larger, as it is with the
# devices that they are models of.
devices=${WD_TEST_DEVICES:-none}
[[ $devices != none ]] || unset WD_EMULATE WD_BACKEND WD_CONF

plain() { "$@"; }
shimmed() { env LD_PRELOAD="$WD_SHIM" WD_STATS="$stats" "$@"; }

# served PROGRAM ALGORITHM CONDITION...: what WD_STATS must say of all processes of that program since the
# last forget_stats, e.g. served pigz deflate 'bytes_in == 4096' 'requests >= 1'.
served() { /usr/bin/python3 "$here/stats.py" "$stats" "$@" || fail "WD_STATS: $*"; }
# on_device PROGRAM ALGORITHM: where there are devices that fail only if told to, they have done nine tenths of it.
on_device() { [[ $devices != v? ]] || served "$@" 'device_share >= 90'; }
# size_is_fair BYTES ZLIB'S_BYTES LABEL: at most a hundredth more than zlib's. The emulated device's codec is a simple one.
size_is_fair() {
  local percent=101
  [[ $devices == none ]] || percent=130
  (($1 <= $2 * percent / 100 + 64)) || fail "$3: $1 bytes for zlib's $2"
}
# A process that never called the shim need not write a line.
not_served() { [[ ! -s $stats ]] || { served '' deflate 'requests == 0' && served '' inflate 'requests == 0'; }; }
forget_stats() { rm -f "$stats"; }

same() { cmp -- "$1" "$2" || fail "$1 and $2 differ${3:+: $3}"; }

# guest NAME [COMPILER ARGUMENT...]: compiles guests/NAME.c into $work/NAME.
guest() {
  local name=$1
  shift
  cc -std=gnu11 -O2 -g -Wall -Wextra -Werror -o "$work/$name" "$here/guests/$name.c" "$@"
}

# guest_library NAME FILE [COMPILER ARGUMENT...]: compiles guests/NAME.c into the shared library $work/FILE.
guest_library() {
  local name=$1 file=$2
  shift 2
  cc -std=gnu11 -O2 -g -Wall -Wextra -Werror -shared -fPIC -o "$work/$file" "$here/guests/$name.c" "$@"
}

# renamed_zlib: the system's libz under another name, as $work/libq.so.1. (The two names are of one length.)
renamed_zlib() { sed 's/libz\.so\.1/libq.so.1/g' "$(cc -print-file-name=libz.so)" >"$work/libq.so.1"; }

# bound_zlib: a zlib bound to itself, its symbols without versions, made from zlib's archive, as $work/libbound_z.so.1.
# (Its code may not be bound otherwise: it is compiled for programs, where a function cannot be replaced.)
bound_zlib() {
  cc -shared -o "$work/libbound_z.so.1" -Wl,-soname,libbound_z.so.1 -Wl,-Bsymbolic \
    -Wl,--whole-archive "$(cc -print-file-name=libz.a)" -Wl,--no-whole-archive
}

# agree LABEL PROGRAM [ARGUMENT...]: the program's standard output must be the same with and without the shim.
agree() {
  local label=$1
  shift
  plain "$@" >"$work/$label.plain" || fail "$label fails without the shim"
  shimmed "$@" >"$work/$label.shimmed" || fail "$label fails with the shim"
  diff -u "$work/$label.plain" "$work/$label.shimmed" || fail "$label differs under the shim"
}

# corpus FILE BYTES [SEED]: text-like bytes, the same on every machine.
corpus() { /usr/bin/python3 "$here/corpus.py" "$@"; }
