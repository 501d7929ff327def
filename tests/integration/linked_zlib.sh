#!/bin/bash
# Programs that are linked with a zlib in one way or another. Who answers a call is the loader's choice, and a stream
# must stay with whom it began: the transcript is the same as without the shim in every one of them.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

system_libz=$(cc -print-file-name=libz.so)
static_libz=(-Xlinker -Bstatic -lz -Xlinker -Bdynamic)

# The ordinary way: everything is served, the gz functions of libz too.
guest linked -lz
agree linked "$work/linked"
served linked deflate 'requests >= 200' 'bytes_in >= 3000000'
served linked inflate 'requests >= 500' 'bytes_out >= 3000000'
served linked crc32 'requests >= 10'
served linked adler32 'requests >= 10'
calls_of_one=$(wc -l <"$work/linked.plain")

# A program with a zlib of its own inside, not exported, and a library that calls the system's: its library is
# served, itself it is not.
guest_library caller_library libcaller.so -lz
with_library=("$work/libcaller.so" "-Wl,-rpath,$work")
guest linked_with_library "${with_library[@]}" "${static_libz[@]}" -Wl,--exclude-libs,ALL
forget_stats
agree hidden_static "$work/linked_with_library"
(($(wc -l <"$work/hidden_static.plain") == 3 * calls_of_one)) || fail "the library's calls are missing"
served linked_with_library deflate 'requests >= 200' 'requests <= 1000'

# The linker exports from the program what its library calls: the program's zlib comes before the shim for both, ...
guest linked_with_library "${with_library[@]}" "${static_libz[@]}"
forget_stats
agree exported_static "$work/linked_with_library"
not_served
# ... and so it is with everything exported.
guest linked_with_library "${with_library[@]}" "${static_libz[@]}" -rdynamic
agree all_exported_static "$work/linked_with_library"
not_served

# Half of it: the program brings (and exports) the compressor alone, so that the library's streams are deflated by
# the program's zlib and inflated by the shim.
guest half_static "${static_libz[@]}" "${with_library[@]}" -rdynamic
! nm -D --defined-only "$work/half_static" | grep -qw inflate || fail "half_static brings an inflate"
forget_stats
agree half_static "$work/half_static"
served half_static deflate 'requests == 0'
served half_static inflate 'requests >= 500' 'bytes_out >= 3000000'

# A copy of the system's library from another directory.
mkdir "$work/copy"
cp "$(readlink -f "$system_libz")" "$work/copy/libz.so.1"
guest linked "$work/copy/libz.so.1" "-Wl,-rpath,$work/copy"
LD_TRACE_LOADED_OBJECTS=1 "$work/linked" | grep -q "$work/copy/libz.so.1" || fail "the copy is not loaded"
forget_stats
agree copied_library "$work/linked"
served linked deflate 'requests >= 200' 'bytes_in >= 3000000'

# A zlib under another name; and one that is bound to itself, whose gz functions the shim does not see.
renamed_zlib
guest linked "$work/libq.so.1" "-Wl,-rpath,$work"
forget_stats
agree renamed_library "$work/linked"
served linked deflate 'requests >= 200' 'bytes_in >= 3000000'
bound_zlib
guest linked "$work/libbound_z.so.1" "-Wl,-rpath,$work"
forget_stats
agree bound_library "$work/linked"
served linked deflate 'requests >= 200' 'bytes_in >= 2000000'
served linked inflate 'requests >= 500' 'bytes_out >= 3000000'
