#!/usr/bin/env bash
# Every public header compiles by itself, with warnings as errors; the C header as C99 and as C++.
#
#   headers.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
include=$2/core/include
checked=0
for header in "$include"/wd/*.hpp "$include"/wd/*.h; do
  echo "#include <wd/$(basename "$header")>" |
    "${CXX:-c++}" -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only -I "$include" -x c++ -
  checked=$((checked + 1))
done
echo '#include <wd/wd.h>' | "${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$include" -x c -
[[ $checked -ge 15 ]]
echo "$checked headers compile alone"
