#!/bin/bash
# zlib by dlopen and dlsym, where the shim is passed by: libz then calls its own exports through its PLT, which lead
# into the shim, and hands it streams that it did not make. They must go back to their owner.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=shim_run.sh
. "$here/shim_run.sh"
need cc

system_libz=$(readlink -f "$(cc -print-file-name=libz.so)")

# Not linked with libz: it comes by dlopen alone.
guest by_dlopen
for way in local global default next; do
  forget_stats
  agree "by_dlopen_$way" "$work/by_dlopen" "$way" libz.so.1
  case $way in
    default | next) served by_dlopen deflate 'requests >= 100' 'bytes_in >= 1000000' ;;
    # What libz's gz functions do inside is ours all the same.
    *) served by_dlopen deflate 'requests >= 10' 'bytes_in >= 200000' ;;
  esac
done

# The same in a program that has libz among its own libraries.
guest by_dlopen -Wl,--no-as-needed -lz
for way in local global default next; do
  forget_stats
  agree "linked_by_dlopen_$way" "$work/by_dlopen" "$way" libz.so.1
  served by_dlopen deflate 'requests >= 10' 'bytes_in >= 200000'
done

# A zlib in a place of its own, one of another name, and one that is bound to itself: alone, and in the same process as
# the system's.
mkdir "$work/own"
cp "$system_libz" "$work/own/libz.so.1"
renamed_zlib
bound_zlib
guest by_dlopen
guest two_by_dlopen
for library in own/libz.so.1 libq.so.1 libbound_z.so.1; do
  label=${library//\//_}
  for way in local global; do
    agree "own_by_dlopen_${way}_$label" "$work/by_dlopen" "$way" "$work/$library"
  done
  agree "two_by_dlopen_$label" "$work/two_by_dlopen" libz.so.1 "$work/$library"
done
agree "two_by_dlopen_first" "$work/two_by_dlopen" "$work/libq.so.1" libz.so.1

forget_stats
agree ctypes /usr/bin/python3 "$here/ctypes_libz.py"
served python3 deflate 'requests >= 20' 'bytes_in >= 600000'
