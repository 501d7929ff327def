#!/usr/bin/env bash
# Copies a static library with every global symbol it defines renamed by a prefix, so that the copy
# can live beside (or inside) something that defines the original names.
#
#   rename_symbols.sh NM OBJCOPY AR INPUT.a OUTPUT.a PREFIX [DROPPED_MEMBER.o ...]
#
# Members named last are left out of the copy: whatever they defined must then be defined, under the
# new name, by whoever links the copy.
set -euo pipefail
nm=$1 objcopy=$2 ar=$3 input=$4 output=$5 prefix=$6
shift 6

names=$(mktemp)
trap 'rm -f "$names" "$output.part"' EXIT
"$nm" -g --defined-only "$input" 2>/dev/null |
  awk -v prefix="$prefix" 'NF == 3 { print $3, prefix $3 }' | sort -u >"$names"
[[ -s $names ]] || { echo "$input defines no symbols" >&2; exit 1; }

"$objcopy" --redefine-syms="$names" "$input" "$output.part"
for member in "$@"; do
  "$ar" d "$output.part" "$member"
done
mv "$output.part" "$output"
