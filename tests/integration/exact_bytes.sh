#!/bin/bash
# Byte for byte zlib's output where it is asked for: by WD_COMPRESSION=exact, and by SOURCE_DATE_EPOCH, which
# reproducible builds set.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need pigz git

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
corpus "$work/input" 2000000
git init -q "$work/plain.git"
git init -q "$work/shimmed.git"

exact() { shimmed env "$asked" "$@"; }

# all RUN DIRECTORY REPOSITORY: everything compressed here, into files.
all() {
  local run=$1 to=$2 repository=$3 options object
  mkdir "$to"
  for options in -1 -6 -9 -z -R -i -p1; do
    "$run" pigz -n -p2 "$options" -c "$work/input" >"$to/pigz$options"
  done
  "$run" /usr/bin/python3 "$here/exact_bytes.py" >"$to/python"
  object=$("$run" git -C "$repository" hash-object -w "$work/input")
  cp "$repository/.git/objects/${object:0:2}/${object:2}" "$to/git"
}

all plain "$work/plain" "$work/plain.git"
for asked in WD_COMPRESSION=exact SOURCE_DATE_EPOCH=1700000000; do
  forget_stats
  rm -rf "$work/shimmed.git/.git/objects/"??
  all exact "$work/$asked" "$work/shimmed.git"
  diff -r "$work/plain" "$work/$asked" || fail "$asked: not zlib's bytes"
  served pigz deflate 'processes == 7' 'bytes_in == 14000000'
  served python3 deflate 'requests >= 5000' 'bytes_in >= 50000000'
  served git deflate 'requests >= 1' 'bytes_in >= 2000000'
done
