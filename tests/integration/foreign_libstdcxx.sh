#!/bin/bash
# A Python in a tree of its own, with its own libz and a libstdc++ older than anything the shim could be built with, as
# conda lays them out. The preloaded shim must neither need a libstdc++ nor bring one.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc readelf

prefix=$(readlink -f "$work")/prefix
mkdir -p "$prefix/bin" "$prefix/lib"
cp "$(readlink -f /usr/bin/python3)" "$prefix/bin/python3"
cp "$(readlink -f "$(cc -print-file-name=libz.so)")" "$prefix/lib/libz.so.1"
# Its modules, which are not what this is about, are the machine's.
ln -s "$(/usr/bin/python3 -c 'import os; print(os.path.dirname(os.__file__))')" "$prefix/lib/"

guest_library old_libstdcxx prefix/lib/libstdc++.so.6 -Wl,-soname,libstdc++.so.6 \
  "-Wl,--version-script=$here/guests/old_libstdcxx.map"
# By cc, which does not link the machine's libstdc++ as c++ would.
cc -std=c++17 -O2 -Wall -Wextra -Werror -shared -fPIC -fno-exceptions -fno-rtti \
  -o "$prefix/lib/libextension.so" "$here/guests/extension.cpp" "$prefix/lib/libstdc++.so.6" "$prefix/lib/libz.so.1"
readelf -d "$prefix/lib/libextension.so" | grep -q 'NEEDED.*libstdc++.so.6' || fail "the extension needs no libstdc++"

# conda's programs find their libraries by a run path; for the loader that is the same search, one step earlier.
export LD_LIBRARY_PATH=$prefix/lib
agree foreign_libstdcxx "$prefix/bin/python3" "$here/foreign_libstdcxx.py" "$prefix"
unset LD_LIBRARY_PATH
[[ $(grep -c ' True$' "$work/foreign_libstdcxx.plain") == 4 ]] ||
  fail "the tree is not what it should be: $(<"$work/foreign_libstdcxx.plain")"
served python3 deflate 'requests >= 3' 'bytes_in >= 180000'
served python3 inflate 'requests >= 3' 'bytes_out >= 180000'
