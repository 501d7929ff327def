#!/usr/bin/env bash
# device_order.sh COMPILER OBJDUMP SOURCE FLAG...: compiles SOURCE for arm64 and looks at what became
# of the barriers. An x86 needs none, and an emulator of an arm64 on an x86 shows no mistake in them.
#
# A doorbell: dmb oshst, then one store of 64 bits. A completion: its phase loaded, dmb oshld, then
# the slot it names.
set -euo pipefail
compiler=$1 objdump=$2 source=$3
shift 3

object=$(mktemp)
trap 'rm -f "$object"' EXIT
"$compiler" "$@" -std=c++20 -O2 -fno-exceptions -c "$source" -o "$object"

# The instructions of one function, a line each.
instructions() {
  "$objdump" -d --no-show-raw-insn "$object" |
    awk -v name="<$1>:" '$2 == name { found = 1; next } /^$/ { found = 0 } found { $1 = ""; print }'
}

# expect FUNCTION WHAT PATTERN...: the patterns are met in this order.
expect() {
  local name=$1 what=$2 text line
  shift 2
  text=$(instructions "$name")
  while read -r line; do
    [[ $# -gt 0 ]] || break
    if [[ $line =~ $1 ]]; then shift; fi
  done <<<"$text"
  if [[ $# -gt 0 ]]; then
    printf '%s: %s: nothing matches %s in\n%s\n' "$name" "$what" "$1" "$text" >&2
    exit 1
  fi
}

expect probe_submit 'a doorbell behind its barrier' 'dmb[[:space:]]+oshst' '^str[[:space:]]+x[0-9]+,'
expect probe_take 'a slot read behind its barrier' '^ldrh[[:space:]]' 'dmb[[:space:]]+oshld' '^ldrh[[:space:]]'
expect probe_take 'a doorbell behind its barrier' 'dmb[[:space:]]+oshld' 'dmb[[:space:]]+oshst' \
  '^str[[:space:]]+x[0-9]+,'
