#!/bin/bash
# WD_STATS itself: who gets a line and where it may go. Whatever is wrong with the file, the program's result is what it
# would have been.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc timeout

guest round_trip -lz
"$work/round_trip" 100000 >"$work/want"

# run FILE [COMMAND...]: the guest with its statistics to FILE; its output and its exit status must be right, soon.
run() {
  local file=$1
  shift
  timeout 20 env LD_PRELOAD="$WD_SHIM" WD_STATS="$file" "$@" "$work/round_trip" 100000 >"$work/out" 2>"$work/err" ||
    fail "WD_STATS=$file: exit $?: $(<"$work/err")"
  same "$work/want" "$work/out" "WD_STATS=$file"
}

# A new file is its owner's alone, whatever the umask; one line for each process.
(umask 0 && run "$stats")
[[ $(stat -c %a "$stats") == 600 ]] || fail "mode $(stat -c %a "$stats")"
run "$stats"
[[ $(wc -l <"$stats") == 2 ]] || fail "not one line for each process"
served round_trip deflate 'processes == 2' 'requests == 2' 'bytes_in == 200000'
served round_trip inflate 'processes == 2' 'requests == 2' 'bytes_out == 200000'

# A file that is there is appended to, and its mode is left alone.
echo '{"plugin":"zlib","pid":1,"program":"before","version":"1","requests":[]}' >"$work/there"
chmod 640 "$work/there"
run "$work/there"
[[ $(stat -c %a "$work/there") == 640 && $(wc -l <"$work/there") == 2 ]] || fail "a file that was there"
grep -q before "$work/there" || fail "a file that was there was cut"

# %p is the process, also when many end at once; whole lines in one file.
for _ in {1..30}; do
  env LD_PRELOAD="$WD_SHIM" WD_STATS="$work/by.%p.jsonl" "$work/round_trip" 1000 >/dev/null &
  env LD_PRELOAD="$WD_SHIM" WD_STATS="$work/together.jsonl" "$work/round_trip" 1000 >/dev/null &
done
wait
for file in "$work"/by.*.jsonl; do
  pid=${file##*/by.} pid=${pid%.jsonl}
  stats=$file served "pid:$pid" deflate 'requests == 1' 'bytes_in == 1000' >/dev/null
done
[[ $(find "$work" -name 'by.*.jsonl' | wc -l) == 30 ]] || fail "not one file for each process"
stats=$work/together.jsonl served round_trip deflate 'processes == 30' 'bytes_in == 30000'

# Refused: links, pipes (without waiting for a reader), devices, directories, places where nothing can be made.
echo untouched >"$work/target"
ln -s "$work/target" "$work/link"
ln -s "$work/nothing" "$work/dangling"
mkfifo "$work/fifo" "$work/read_fifo"
cat "$work/read_fifo" >"$work/from_fifo" &
exec 9>"$work/read_fifo"
for file in "$work/link" "$work/dangling" "$work/fifo" "$work/read_fifo" /dev/full /dev/null "$work" "$work/no/such/file" \
  "$(printf 'x%.0s' {1..5000})" ''; do
  run "$file"
done
exec 9>&-
wait
[[ $(<"$work/target") == untouched && ! -e $work/nothing && ! -s $work/from_fifo ]] || fail "written where it must not be"
run /dev/stdout # a link too
run /proc/self/fd/1

# A file that cannot grow: no line, or a part of one, and the program goes on. A process that has not asked to ignore
# the signal of that limit must not be killed by it for our sake.
limited() {
  [[ $1 == kills ]] || trap '' XFSZ
  ulimit -f 0
  exec timeout 20 env LD_PRELOAD="$WD_SHIM" WD_STATS="$work/limited" "$work/round_trip" 100000
}
for signal in ignored kills; do
  output=$(limited "$signal") || fail "a file that cannot grow, its signal $signal: exit $?"
  [[ $output == "$(<"$work/want")" ]] || fail "a file that cannot grow, its signal $signal"
done

# No line from a process that ends in another way than by its own normal exit.
for way in _exit abort exec; do
  timeout 20 env LD_PRELOAD="$WD_SHIM" WD_STATS="$work/$way" "$work/round_trip" 1000 "$way" >"$work/out" 2>&1 || true
  [[ ! -s $work/$way ]] || ! grep -q round_trip "$work/$way" || fail "a line after $way"
done
