#!/usr/bin/env bash
# Builds OpenSSL's evp_test from its source, against the installed libcrypto; prints the program's name. Built once.
#
#   build.sh SOURCE FOLDER
#
# Neither Configure nor the rest of OpenSSL is needed: generated headers are the installed ones, of the same version.
set -euo pipefail
source=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
program=$folder/evp_test
if [[ ! -x $program ]]; then
  work=$(mktemp -d "$folder/making.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  compile=(cc -O1 -w -DOPENSSL_SUPPRESS_DEPRECATED -I"$source/include" -I"$source" -I"$source/apps/include" -I"$source/test" -c)
  printf '%s\n' "$source"/test/testutil/*.c "$source/apps/lib/opt.c" "$source/test/evp_test.c" |
    xargs -P "$(nproc)" -n 3 "${compile[@]}"
  # An archive: what evp_test defines itself takes the place of the default in it.
  mv evp_test.o evp_test.main
  ar rcs testutil.a ./*.o
  cc -o evp_test -x none evp_test.main testutil.a -lcrypto
  mv evp_test "$program"
fi
echo "$program"
