#!/usr/bin/env bash
# From a fresh Debian machine to a table of what the zlib shim does for real programs: installs what
# is missing, builds, runs programs on real input with and without LD_PRELOAD, checks every result
# with plain tools, and prints times. Changes nothing outside of build/ but for the packages.
#
#   bench/quickstart.sh [program ...]   all of bench/programs/, or the named ones
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
shim=$root/build/release/lib/libwd_z.so

"$root/cmake/packages.sh" programs >&2
corpora=$("$here/prepare.sh")

# A library that cannot be preloaded is only a warning to the loader, and the table would show
# stock zlib twice.
LD_PRELOAD=$shim /usr/bin/python3 -c '
import sys, zlib
sys.exit(not any("libwd_z" in line for line in open("/proc/self/maps")))' || {
  echo "quickstart: $shim cannot be preloaded" >&2
  exit 1
}

exec "$here/programs/measure.sh" "$shim" "$corpora" "$@"
