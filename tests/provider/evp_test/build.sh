#!/usr/bin/env bash
# Builds OpenSSL's evp_test from its source, against the installed libcrypto; prints the program's name. Built once.
# Beside it evp_test_in_jobs, in which each test runs inside an ASYNC_JOB.
#
#   build.sh SOURCE FOLDER
#
# Neither Configure nor the rest of OpenSSL is needed: generated headers are the installed ones, of the same version.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
source=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
program=$folder/evp_test
if [[ ! -x $program || ! -x ${program}_in_jobs || $here/in_jobs.c -nt ${program}_in_jobs ]]; then
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
  sed 's/t->meth->run_test(t)/wd_run_in_job(libctx, (int (*)(void *))t->meth->run_test, t)/' \
    "$source/test/evp_test.c" >evp_test_in_jobs.c
  [[ $(grep -c wd_run_in_job evp_test_in_jobs.c) == 1 ]] || { echo "evp_test.c has not one call of a test" >&2; exit 1; }
  sed -i '1i int wd_run_in_job(void *, int (*)(void *), void *);' evp_test_in_jobs.c
  "${compile[@]}" evp_test_in_jobs.c
  mv evp_test_in_jobs.o evp_test_in_jobs.main
  cc -O1 -Wall -c "$here/in_jobs.c"
  cc -o evp_test_in_jobs -x none evp_test_in_jobs.main in_jobs.o testutil.a -lcrypto
  mv evp_test_in_jobs "${program}_in_jobs"
  mv evp_test "$program"
fi
echo "$program"
