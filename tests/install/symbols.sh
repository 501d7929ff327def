#!/usr/bin/env bash
# What the libraries export is what their version maps say, no more and no less; and they need libc
# alone, the provider also libcrypto.
#
#   symbols.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1
source=$2

exported() { nm -D --defined-only "$1" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u; }
fail() {
  echo "$*"
  exit 1
}

# The shim's map is a plain list.
diff <(exported "$build/lib/libwd_z.so") \
  <(awk '/global:/ { on = 1; next } /local:/ { on = 0 } on { gsub(/[ ;]/, ""); if ($0 != "") print }' \
    "$source/shim-zlib/libwd_z.map" | sort -u) || fail "libwd_z.so and its map differ"

# The core's has patterns: the C API by name, the C++ API by its namespace.
core=$build/lib/libwd_core.so
exported "$core" | grep -vE '^(wd_[a-z0-9_]+|_ZT[IVS]?N2wd2v0|_ZNK?2wd2v0|_ZN2wd2v0)' |
  grep -vE '^_ZNK?2wd2v0|^wd_' && fail "libwd_core.so exports more than its map says"
declared=$(grep -oE '\bwd_[a-z0-9_]+\(' "$source/core/include/wd/wd.h" | tr -d '(' | sort -u)
diff <(exported "$core" | grep '^wd_') - <<<"$declared" || fail "libwd_core.so and wd.h differ"

[[ $(exported "$build/lib/ossl-modules/wd.so") == OSSL_provider_init ]] ||
  fail "wd.so exports more or less than OSSL_provider_init"

for library in libwd_z.so libwd_core.so ossl-modules/wd.so; do
  # libc's loader is in every process; on arm64 the stack protector's guard is a symbol of its.
  needed=$(readelf -d "$build/lib/$library" | sed -n '/ld-linux-/d; s/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    sort | tr '\n' ' ')
  case $library in
    */wd.so) allowed='libc.so.6 libcrypto.so.3 ' ;;
    *) allowed='libc.so.6 ' ;;
  esac
  [[ $needed == "$allowed" ]] || fail "$library needs: $needed"
  # One entry: the compiler's own.
  size=$(readelf -d "$build/lib/$library" | awk '/INIT_ARRAYSZ/ { print $3 }')
  [[ $size == 8 ]] || fail "$library has dynamic initialisers (.init_array of $size bytes)"
  nm -D "$build/lib/$library" | awk '$2 == "u"' | grep . && fail "$library has unique symbols"
done

# The emulator brings a C++ library and a zlib of its own.
emulator=$build/lib/wd/emulator.so
[[ $(exported "$emulator" | xargs) == "wd_emulator_control wd_emulator_open" ]] || fail "emulator.so and its map differ"
needed=$(readelf -d "$emulator" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so\.6|ld-linux)' || true)
[[ -z $needed ]] || fail "emulator.so needs: $needed"
nm -D --undefined-only "$emulator" | grep -E 'deflate|inflate|adler32|crc32' && fail "emulator.so calls an exported zlib"

echo "$(exported "$core" | wc -l) and $(exported "$build/lib/libwd_z.so" | wc -l) exported symbols are as they should be"
