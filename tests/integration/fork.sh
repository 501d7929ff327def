#!/bin/bash
# Forks: streams in progress go on in parent and child, many times over, by fork() and by the bare system call; a child
# of a process with threads at work; vfork and exec. The counters of a child start at zero.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

guest forks -lz -pthread

for way in streams grandchildren spawned; do
  forget_stats
  plain "$work/forks" "$way" >"$work/plain" || fail "$way without the shim"
  shimmed "$work/forks" "$way" >"$work/shimmed" || fail "$way"
  diff <(cut -d ' ' -f 2- "$work/plain") <(cut -d ' ' -f 2- "$work/shimmed") || fail "$way differs"
  while read -r pid deflates bytes_in inflates bytes_out; do
    served "pid:$pid" deflate "requests == $deflates" "bytes_in == $bytes_in" >"$work/served"
    served "pid:$pid" inflate "requests == $inflates" "bytes_out == $bytes_out" >"$work/served"
  done <"$work/shimmed"
  echo "$way: $(wc -l <"$work/shimmed") processes"
done

forget_stats
plain timeout 100 "$work/forks" threads || fail "threads without the shim"
shimmed timeout 100 "$work/forks" threads || fail "threads and forks"
served forks deflate 'requests >= 50' 'processes == 1'
