"""Run by the Python of foreign_libstdcxx.sh: prints what it got, and fails where it got the machine's own libraries.

usage: foreign_libstdcxx.py PREFIX
"""
import ctypes
import gzip
import hashlib
import sys
import zlib

from corpus import corpus


def main(prefix):
    text = corpus(60_000)
    extension = ctypes.CDLL(f"{prefix}/lib/libextension.so")
    libstdcxx = ctypes.CDLL("libstdc++.so.6")
    with open("/proc/self/maps", encoding="utf-8") as file:
        mapped = {line.split()[-1] for line in file if "/" in line}
    print("round trip in C++", extension.round_trip(text, len(text)))
    print("libstdc++ is the old one", libstdcxx.old_libstdcxx_marker() == 34)
    found = [path for path in mapped if "libstdc++" in path]
    print("libstdc++ is there once", found == [f"{prefix}/lib/libstdc++.so.6"])
    print("libz is the prefix's", f"{prefix}/lib/libz.so.1" in mapped)
    print("this Python is the prefix's", sys.executable == f"{prefix}/bin/python3")
    print("zlib", hashlib.sha256(zlib.decompress(zlib.compress(text, 6))).hexdigest())
    print("gzip", hashlib.sha256(gzip.decompress(gzip.compress(text, 9))).hexdigest())


main(sys.argv[1])
