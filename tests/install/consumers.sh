#!/usr/bin/env bash
# Installs the build into a folder of its own, builds a C++ and a C program against that tree, by its
# CMake package and by pkg-config, and runs them.
#
#   consumers.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1
here=$2/tests/install
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

cmake --install "$build" --prefix "$prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
library=$(dirname "$(find "$prefix" -name libwd_core.so)")
find "$prefix" -name libwd_z.so | grep -q . || { echo "libwd_z.so is not installed"; exit 1; }
export LD_LIBRARY_PATH=$library

expected='round trip of 100000 bytes: same'
ran=0
check() {
  local said
  said=$("$@")
  [[ $said == "$expected" ]] || { echo "$1 says: $said"; exit 1; }
  ran=$((ran + 1))
}

cmake -S "$here/consumer" -B "$work/by-cmake" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log" ||
  { cat "$work/cmake.log"; exit 1; }
cmake --build "$work/by-cmake"
check "$work/by-cmake/in_cpp"
check "$work/by-cmake/in_c"

export PKG_CONFIG_PATH=$library/pkgconfig
read -ra flags <<<"$(pkg-config --cflags --libs wd_core)"
[[ $(pkg-config --variable=prefix wd_core) != "" ]]
"${CXX:-c++}" -std=c++20 -Wall -Wextra -Wpedantic -Werror "$here/consumer/in_cpp.cpp" -o "$work/in_cpp" "${flags[@]}"
"${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror "$here/consumer/in_c.c" -o "$work/in_c" "${flags[@]}"
check "$work/in_cpp"
check "$work/in_c"
[[ $ran == 4 ]]
echo "4 programs ran against the installed tree"
