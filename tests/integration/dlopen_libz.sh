#!/bin/bash
# zlib by dlopen and dlsym, where the shim is passed by: libz then calls its own exports through its PLT, which lead
# into the shim, and hands it streams that it did not make. They must go back to their owner.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

# Not linked with libz: it comes by dlopen alone.
guest by_dlopen
for way in local global default next; do
  forget_stats
  agree "by_dlopen_$way" "$work/by_dlopen" "$way"
  case $way in
    default | next) served by_dlopen deflate 'requests >= 200' 'bytes_in >= 3000000' ;;
    # What libz's gz functions do inside is ours all the same.
    *) served by_dlopen deflate 'requests >= 10' 'bytes_in >= 200000' ;;
  esac
done

# The same in a program that has libz among its own libraries.
guest by_dlopen -Wl,--no-as-needed -lz
for way in local global default next; do
  forget_stats
  agree "linked_by_dlopen_$way" "$work/by_dlopen" "$way"
  served by_dlopen deflate 'requests >= 10' 'bytes_in >= 200000'
done

# A zlib of a name and a place of its own, by dlopen, in the same process as the system's.
guest two_by_dlopen
mkdir "$work/own"
cp "$(readlink -f "$(cc -print-file-name=libz.so)")" "$work/own/libz.so.1"
agree two_by_dlopen "$work/two_by_dlopen" libz.so.1 "$work/own/libz.so.1"

forget_stats
agree ctypes /usr/bin/python3 "$here/ctypes_libz.py"
served python3 deflate 'requests >= 20' 'bytes_in >= 600000'
