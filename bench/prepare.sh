#!/usr/bin/env bash
# What a measurement needs: packages, the release build, the corpora. Prints the folder of the
# corpora and nothing else; what the tools say goes to standard error.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."

{
  cmake/packages.sh build bench
  # A build folder that has its tests keeps them; a new one does without what they need.
  [[ -f build/release/CMakeCache.txt ]] || cmake --preset release -DWD_BUILD_TESTS=OFF -DWD_BUILD_BENCH=ON
  cmake --build --preset release
} >&2

exec "$here/corpora.sh"
