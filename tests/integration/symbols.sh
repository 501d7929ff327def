#!/bin/bash
# What the library is to the loader: it needs libc alone, exports zlib's functions and nothing else, and runs no code of
# its own when it is loaded.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need readelf nm cc

dynamic() { readelf -dW "$WD_SHIM" | sed -n "s/.*($1).*\[\(.*\)\]/\1/p"; }
exported() { nm -D --defined-only "$1" | sed 's/@.*//' | awk '$2 != "A" { print $3 }' | sort -u; }

# (The loader is libc's, and in every process; on arm64 the stack protector's guard is a symbol of its.)
[[ $(dynamic NEEDED | grep -v ^ld-linux-) == libc.so.6 ]] || fail "DT_NEEDED: $(dynamic NEEDED)"
[[ -z $(dynamic RPATH)$(dynamic RUNPATH) ]] || fail "a run path: $(dynamic RPATH)$(dynamic RUNPATH)"
! readelf -dW "$WD_SHIM" | grep TEXTREL || fail "relocations in text"

# One initialiser, the compiler's frame_dummy. A second would be a constructor or a dynamic initialiser of ours.
initialisers=$(readelf -SW "$WD_SHIM" | sed -n 's/.* \.init_array *[A-Z_]* *[0-9a-f]* *[0-9a-f]* *\([0-9a-f]*\).*/\1/p')
pointer=$(cc -dM -E -x c /dev/null | sed -n 's/#define __SIZEOF_POINTER__ //p')
((16#${initialisers:-0} <= pointer)) || fail "$((16#$initialisers / pointer)) initialisers"
! readelf -SW "$WD_SHIM" | grep -F .ctors || fail "constructors of the old kind"

! nm -D "$WD_SHIM" | grep ' u ' || fail "GNU-unique symbols: the library could never be unloaded, and would be shared"
! nm -D --undefined-only "$WD_SHIM" | grep -E ' (deflate|inflate|compress|uncompress|crc32|adler32|gz|_Z)' ||
  fail "it takes functions of zlib or of C++ from elsewhere"

# Exports: what the map says, and of libz all but what stays there.
exported "$WD_SHIM" >"$work/exported"
# (Patterns of the map's global part, which may have wildcards.)
mapfile -t patterns < <(tr -s '{};\n' ' ' <"$here/../../shim-zlib/libwd_z.map" |
  sed 's|/\*[^*]*\*/||g; s/.*global: *//; s/local:.*//' | tr ' ' '\n')
((${#patterns[@]} > 2)) || fail "the version map is not as this test reads it"
while read -r symbol; do
  known=no
  # shellcheck disable=SC2053 # the right side is a pattern
  for pattern in "${patterns[@]}"; do [[ $symbol != $pattern ]] || known=yes; done
  [[ $known == yes ]] || fail "exported, but not in the version map: $symbol"
done <"$work/exported"
exported "$(cc -print-file-name=libz.so)" | grep -Ev '^(gz.*|zlibVersion|zError|zlibCompileFlags|get_crc_table)$' >"$work/libz"
missing=$(comm -13 "$work/exported" "$work/libz")
[[ -z $missing ]] || fail "functions of libz that are not exported: $missing"
strangers=$(comm -23 "$work/exported" "$work/libz")
[[ -z $strangers ]] || fail "exported, but no function of libz: $strangers"

# Nothing newer than the oldest system that we are for: glibc 2.36.
newest=$(nm -D --undefined-only "$WD_SHIM" | sed -n 's/.*@GLIBC_\([0-9.]*\)$/\1/p' | sort -Vu | tail -n 1)
[[ $(printf '%s\n2.36\n' "$newest" | sort -V | tail -n 1) == 2.36 ]] || fail "needs glibc $newest"
echo "$(wc -l <"$work/exported") functions; needs libc of GLIBC_$newest"
