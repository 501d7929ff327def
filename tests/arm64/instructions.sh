#!/usr/bin/env bash
# Looks for instructions in functions of an object file or a library, in the order in which they are
# named.
#
#   instructions.sh OBJDUMP FILE FUNCTION INSTRUCTION ...
#
# FUNCTION and INSTRUCTION are regular expressions (awk's): of a demangled name, and of an
# instruction as objdump writes it, with single spaces. Each function whose name matches must have
# all of the instructions, and there must be one.
set -euo pipefail
objdump=$1 file=$2
export function_named=$3
shift 3
instructions=$(printf '%s\n' "$@")
export instructions

code=$("$objdump" --disassemble --demangle --no-show-raw-insn --no-addresses "$file")
awk '
  BEGIN { wanted = split(ENVIRON["instructions"], instructions, "\n") }
  function end_function() {
    if (inside && found < wanted) {
      printf "%s: no \"%s\"", name, instructions[found + 1]
      if (found > 0) printf " behind \"%s\"", instructions[found]
      print ""
      missing = 1
    }
    inside = 0
  }
  /^<.*>:$/ {
    end_function()
    name = substr($0, 2, length($0) - 3)
    if (name ~ ENVIRON["function_named"]) {
      print name
      inside = 1
      found = 0
      functions++
    }
    next
  }
  inside && found < wanted {
    gsub(/[ \t]+/, " ")
    sub(/^ /, "")
    if ($0 ~ instructions[found + 1]) found++
  }
  END {
    end_function()
    if (functions == 0) {
      print "no function is named " ENVIRON["function_named"]
      missing = 1
    }
    exit missing
  }' <<<"$code"
