"""zlib through ctypes: a handle of libz.so.1 in a program that has the shim, and libz, in front of it.

Prints what each call did; the shell test compares the transcript with that of a run without the shim.
"""
import ctypes
import hashlib
import zlib

from corpus import corpus


class ZStream(ctypes.Structure):
    _fields_ = [("next_in", ctypes.c_void_p), ("avail_in", ctypes.c_uint), ("total_in", ctypes.c_ulong),
                ("next_out", ctypes.c_void_p), ("avail_out", ctypes.c_uint), ("total_out", ctypes.c_ulong),
                ("msg", ctypes.c_char_p), ("state", ctypes.c_void_p), ("zalloc", ctypes.c_void_p),
                ("zfree", ctypes.c_void_p), ("opaque", ctypes.c_void_p), ("data_type", ctypes.c_int),
                ("adler", ctypes.c_ulong), ("reserved", ctypes.c_ulong)]


VERSION, SIZE = b"1.2.13", ctypes.sizeof(ZStream)
FINISH, NO_FLUSH = 4, 0


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def one_shots(libz, text):
    coded = ctypes.create_string_buffer(len(text) + 1_000)
    for level in (1, 6, 9):
        length = ctypes.c_ulong(len(coded))
        status = libz.compress2(coded, ctypes.byref(length), text, ctypes.c_ulong(len(text)), level)
        print("compress2", level, status, digest(zlib.decompress(coded.raw[:length.value])))
        back, size = ctypes.create_string_buffer(len(text)), ctypes.c_ulong(len(text))
        print("uncompress", libz.uncompress(back, ctypes.byref(size), coded, length), digest(back.raw))
    print("sums", libz.crc32(0, text, len(text)), libz.adler32(1, text, len(text)))


def stream(libz, text, init, way):
    """Deflates and inflates in pieces; `init` makes the streams by deflateInit_ or deflateInit2_ and so on."""
    z = ZStream()
    if init == "Init2_":
        print(way, init, libz.deflateInit2_(ctypes.byref(z), 6, 8, 31, 8, 0, VERSION, SIZE))
    else:
        print(way, init, libz.deflateInit_(ctypes.byref(z), 6, VERSION, SIZE))
    source = ctypes.create_string_buffer(text, len(text))
    coded = ctypes.create_string_buffer(len(text) + 1_000)
    z.next_in, z.next_out, z.avail_out = ctypes.addressof(source), ctypes.addressof(coded), len(coded)
    for at in range(0, len(text), 10_000):
        z.avail_in = min(10_000, len(text) - at)
        print(libz.deflate(ctypes.byref(z), NO_FLUSH), end=" ")
        if at == 50_000:
            print("params", libz.deflateParams(ctypes.byref(z), 1, 0), end=" ")
    print("finish", libz.deflate(ctypes.byref(z), FINISH), z.total_in)
    length = z.total_out
    print("reset", libz.deflateReset(ctypes.byref(z)), "end", libz.deflateEnd(ctypes.byref(z)))

    z = ZStream()
    if init == "Init2_":
        print(way, init, libz.inflateInit2_(ctypes.byref(z), 47, VERSION, SIZE))
    else:
        print(way, init, libz.inflateInit_(ctypes.byref(z), VERSION, SIZE))
    back = ctypes.create_string_buffer(len(text))
    for _ in range(2):
        z.next_in, z.next_out, z.avail_out = ctypes.addressof(coded), ctypes.addressof(back), len(back)
        z.avail_in, status = 0, 0
        for at in range(0, length, 5_000):
            z.avail_in += min(5_000, length - at)
            status = libz.inflate(ctypes.byref(z), NO_FLUSH)
        print("inflated", status, z.total_out, digest(back.raw), "reset", libz.inflateReset(ctypes.byref(z)))
    print("end", libz.inflateEnd(ctypes.byref(z)))


def main():
    text = corpus(200_000)
    handle, everything = ctypes.CDLL("libz.so.1"), ctypes.CDLL(None)
    for way, libz in (("handle", handle), ("everything", everything)):
        libz.crc32.restype = libz.adler32.restype = ctypes.c_ulong
        one_shots(libz, text)
        for init in ("Init_", "Init2_"):
            stream(libz, text, init, way)
    # The interpreter's own module beside them.
    print("module", digest(zlib.decompress(zlib.compress(text))))


main()
