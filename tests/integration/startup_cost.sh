#!/bin/bash
# What the shim costs a program that does not compress: at most 150 microseconds for each start.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

readonly allowed=150 pairs=500
guest spawn_cost
# Machines are noisy, and noise only ever adds: one good measurement out of three is the truth.
for _ in 1 2 3; do
  cost=$("$work/spawn_cost" "$WD_SHIM" "$pairs") || fail "spawn_cost"
  echo "$cost microseconds"
  ((cost > allowed)) || exit 0
done
fail "the shim costs each start of a program $cost microseconds, $allowed are allowed"
