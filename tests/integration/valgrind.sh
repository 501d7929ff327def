#!/bin/bash
# Programs under the shim in valgrind's memcheck: no invalid access, no decision on what was never written, and in the
# guest no leak. Each program is run without the shim first: what valgrind says of that is not ours.
# usage: valgrind.sh guest|pigz|git
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need valgrind

# checked RUN OPTION... COMMAND
checked() {
  local run=$1
  shift
  "$run" valgrind -q --error-exitcode=99 --trace-children=yes --read-var-info=no --num-callers=30 \
    --log-file="$work/valgrind.%p.log" "$@" || fail "valgrind, $run: $*: $(cat "$work"/valgrind.*.log)"
}

case ${1-} in
guest)
  need cc
  guest linked -lz
  # Threads of emulated devices end with the process, and what they are made of with them.
  leaks=definite,indirect
  [[ $devices != none ]] || leaks+=,possible
  for run in plain shimmed; do
    checked "$run" --leak-check=full --errors-for-leak-kinds=$leaks "$work/linked" >"$work/$run"
  done
  same "$work/plain" "$work/shimmed"
  served linked deflate 'requests >= 200' 'bytes_in >= 3000000'
  ;;
pigz)
  need pigz
  corpus "$work/input" 400000
  for run in plain shimmed; do
    checked "$run" --leak-check=no pigz -p2 -c "$work/input" >"$work/input.gz"
    checked "$run" --leak-check=no pigz -dc <"$work/input.gz" >"$work/output"
    same "$work/input" "$work/output"
  done
  served pigz deflate 'bytes_in == 400000'
  served pigz inflate 'bytes_out == 400000'
  ;;
git)
  need git
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$work/gitconfig HOME=$work
  printf '[user]\nname = Test\nemail = test@example.invalid\n[gc]\nauto = 0\n' >"$work/gitconfig"
  for run in plain shimmed; do
    git init -q "$work/$run"
    corpus "$work/$run/file" 60000
    checked "$run" --leak-check=no git -C "$work/$run" add file
    checked "$run" --leak-check=no git -C "$work/$run" -c core.fsync=none commit -q -m first
    checked "$run" --leak-check=no git -C "$work/$run" fsck --full --no-progress
    checked "$run" --leak-check=no git -C "$work/$run" archive --format=tar.gz -o "$work/$run.tar.gz" HEAD
    [[ $(git -C "$work/$run" cat-file blob HEAD:file | cksum) == "$(cksum <"$work/$run/file")" ]] || fail "the object"
  done
  served git deflate 'requests >= 4' 'bytes_in >= 120000'
  served git inflate 'requests >= 2' 'bytes_out >= 60000'
  ;;
*) fail "usage: valgrind.sh guest|pigz|git" ;;
esac
