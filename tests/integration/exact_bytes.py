"""Prints digests of what zlib compresses by Python's module: every level, strategy, window and way of feeding."""
import hashlib
import zlib

from corpus import corpus


def pieces_of(text, piece):
    return [text[at:at + piece] for at in range(0, len(text), piece)]


STREAMS = ((15, 8, 0), (-15, 9, 0), (31, 8, 1), (9, 1, 0), (12, 4, 3), (15, 8, 2), (15, 8, 4))  # window, memory, strategy


def main():
    inputs = {"text": corpus(300_000), "short": corpus(100), "empty": b"", "runs": b"ab" * 100_000}
    for name, content in inputs.items():
        for level in range(-1, 10):
            print(name, level, hashlib.sha256(zlib.compress(content, level)).hexdigest())
            for window, memory, strategy in STREAMS:
                for piece in (512, 16_384, 1_000_000):
                    stream = zlib.compressobj(level, zlib.DEFLATED, window, memory, strategy)
                    coded = b"".join(stream.compress(part) for part in pieces_of(content, piece))
                    coded += stream.flush(zlib.Z_SYNC_FLUSH) + stream.compress(content[:5_000]) + stream.flush()
                    print(name, level, window, memory, strategy, piece, hashlib.sha256(coded).hexdigest())


main()
