#!/usr/bin/env bash
# Runs programs with and without a preloaded library and prints a table.
#
#   measure.sh LIBRARY CORPORA [case ...]
#
# A case is a file beside this one, *.case.sh, which is sourced and defines
#   title        what stands in the table
#   prepare      makes input in $work; once, without the library. It may start a $server
#   before       makes a run's own input; each time, not timed (optional)
#   run          what is timed: reads from $work, writes to $out
#   result       prints what $out means, decoded by plain tools (its hash is compared)
#   expected     prints what it must be
#   output_bytes prints how large the output is (optional: where it is compressed)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
library=$1
corpora=$2
shift 2

# One run says little on a busy machine; with five the median holds against two bad ones.
rounds=${WD_QUICKSTART_ROUNDS:-5}
sample_bytes=$((16 << 20))

scratch=$(mktemp -d)
server=
stop_server() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  server=
}
cleanup() {
  stop_server
  rm -rf "$scratch"
}
trap cleanup EXIT

# What the surroundings set must change neither side, nor may one side be the other.
unset LD_PRELOAD WD_BACKEND WD_EMULATE WD_COMPRESSION WD_STATS WD_CONF SOURCE_DATE_EPOCH
unset GZIP PIGZ GIT_DIR GIT_WORK_TREE PYTHONPATH PERL5LIB http_proxy
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

quotient() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'; }

seconds() { awk -v us="$1" 'BEGIN { printf "%.2f s", us / 1e6 }'; }

# One timed run; with an argument, that library is preloaded. Sets `spent` and `made`.
timed_run() {
  rm -rf "$out"
  before
  local start
  start=$(microseconds)
  if [[ $# -gt 0 ]]; then LD_PRELOAD=$1 run; else run; fi
  spent=$(($(microseconds) - start))
  if [[ $(result | sha256sum) != "$wanted" ]]; then
    echo "measure.sh: $title: wrong result${1:+ with the library preloaded}" >&2
    exit 1
  fi
  made=$(output_bytes)
}

# Alternates runs of the case that is set up. Fills the arrays of times.
timed_rounds() {
  local round side
  for ((round = 0; round < rounds; ++round)); do
    # The other order each round: what drifts meets both.
    for side in $((round % 2)) $((1 - round % 2)); do
      if ((side == 0)); then
        timed_run
        plain_times+=("$spent")
        plain_made=$made
      else
        timed_run "$library"
        preloaded_times+=("$spent")
        preloaded_made=$made
      fi
    done
  done
}

measure_case() {
  local title='' wanted spent made plain_made preloaded_made without with
  local plain_times=() preloaded_times=()
  work=$scratch/$(basename "$1" .case.sh)
  out=$work/out
  mkdir "$work"
  before() { :; }
  output_bytes() { echo 0; }
  # shellcheck source=/dev/null
  source "$1"
  prepare
  wanted=$(expected | sha256sum)
  timed_rounds
  stop_server

  without=$(median "${plain_times[@]}")
  with=$(median "${preloaded_times[@]}")
  printf '| %-46s | %8s | %8s | %5sx | %10s |\n' "$title" "$(seconds "$without")" \
    "$(seconds "$with")" "$(quotient "$without" "$with")" \
    "$(quotient "$preloaded_made" "$plain_made")"
  rm -rf "$work"
}

# Input of all cases: parts of the corpora.
head -c "$sample_bytes" "$corpora/text.bin" >"$scratch/text"
head -c "$sample_bytes" "$corpora/json.bin" >"$scratch/json"
# zlib is slowest on machine code: less of it keeps the whole short.
head -c "$((sample_bytes / 2))" "$corpora/binary.bin" >"$scratch/binary"
cat "$scratch/text" "$scratch/json" "$scratch/binary" >"$scratch/everything"
# shellcheck source-path=SCRIPTDIR source=sample_repository.sh
source "$here/sample_repository.sh"

cases=()
for name in "$@"; do cases+=("$here/$name.case.sh"); done
((${#cases[@]} > 0)) || cases=("$here"/*.case.sh)

printf '| %-46s | %8s | %8s | %6s | %10s |\n' program without with ratio "size ratio"
printf '| %s | %s | %s | %s | %s |\n' "$(printf '%.0s-' {1..46})" -------- -------- ------ ----------
for file in "${cases[@]}"; do measure_case "$file"; done
echo
echo "Elapsed time, medians of $rounds runs in turns; every result was checked with plain tools."
