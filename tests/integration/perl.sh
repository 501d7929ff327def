#!/bin/bash
# perl's Compress::Raw::Zlib, Compress::Zlib and IO::Compress: the widest user of the zlib interface.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"

corpus "$work/corpus" 150000
mkdir "$work/plain.d" "$work/shimmed.d"
plain /usr/bin/perl "$here/perl_compress.pl" "$work/corpus" "$work/plain.d" >"$work/plain" || fail "perl without the shim"
shimmed /usr/bin/perl "$here/perl_compress.pl" "$work/corpus" "$work/shimmed.d" >"$work/shimmed" || fail "perl"
diff -u "$work/plain" "$work/shimmed" || fail "perl's transcript differs under the shim"
! grep -E 'DIFFERENT|TOTAL' "$work/plain" || fail "the transcript shows a wrong result without the shim"
[[ $(wc -l <"$work/plain") -ge 500 ]] || fail "the transcript is shorter than it should be"
served perl deflate 'requests >= 1000' 'bytes_in >= 10000000'
served perl inflate 'requests >= 1000' 'bytes_out >= 10000000'
served perl crc32 'requests >= 15'
served perl adler32 'requests >= 15'
