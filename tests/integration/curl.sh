#!/bin/bash
# curl --compressed from a server on the loopback interface: gzip, deflate, and deflate without zlib's header, where
# curl begins anew in raw mode after the first error. The shim in curl, in the server (Python), and in both.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need curl

mkdir "$work/files"
corpus "$work/files/large" 1500000
corpus "$work/files/small" 300
: >"$work/files/empty"
server=''
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

start_server() { # RUN: plain or shimmed; sets $port
  rm -f "$work/port"
  "$1" /usr/bin/python3 "$here/encodings_server.py" "$work/files" "$work/port" &
  server=$!
  for _ in {1..200}; do
    [[ -e $work/port ]] && break
    sleep 0.05
  done
  [[ -e $work/port ]] || fail "the server did not start"
  port=$(<"$work/port")
}

stop_server() {
  curl -s --max-time 10 "http://127.0.0.1:$port/quit" || fail "the server does not answer"
  wait "$server" || fail "the server failed"
  server=''
}

get() { # RUN PATH OUTPUT: prints curl's exit status
  local status=0
  "$1" curl --compressed -sS --max-time 30 -o "$3" "http://127.0.0.1:$port/$2" 2>"$3.err" || status=$?
  echo "$status"
}

for server_run in plain shimmed; do
  start_server "$server_run"
  for encoding in identity gzip deflate raw; do
    for level in 0 1 6 9; do
      for name in large small empty; do
        rm -f "$work/out"
        forget_stats
        status=$(get shimmed "$encoding/$level/$name" "$work/out")
        [[ $status == 0 ]] || fail "curl, $encoding, level $level, $name: $(cat "$work/out.err")"
        touch "$work/out" # curl makes no file of an empty answer
        same "$work/files/$name" "$work/out" "$encoding, level $level"
        if [[ $encoding != identity && $name != empty ]]; then
          served curl inflate "bytes_out == $(stat -c %s "$work/files/$name")" 'requests >= 1' 'processes == 1'
        fi
      done
    done
  done

  # What curl makes of damage and of a second gzip member it must make of it under the shim too.
  for encoding in truncated damaged members; do
    for run in plain shimmed; do
      rm -f "$work/$run.out"
      status=$(get "$run" "$encoding/6/large" "$work/$run.out")
      touch "$work/$run.out"
      echo "exit $status" >>"$work/$run.out.err"
    done
    same "$work/plain.out.err" "$work/shimmed.out.err" "curl's verdict on $encoding"
    same "$work/plain.out" "$work/shimmed.out" "what curl makes of $encoding"
  done
  forget_stats
  stop_server
done
served python3 deflate 'processes == 1' 'requests >= 400' 'bytes_in >= 10000000'
