"""Input for the tests: text-like bytes with runs, repeats and noise, the same on every machine.

usage: corpus.py FILE BYTES [SEED]
"""
import random
import sys

WORDS = (b"the queue stops before its memory goes away and a stream goes on from where it was "
         b"return static const struct int void if else for while 0x00 0xff -- ++ == { } ( ) ;").split()


def corpus(size, seed=1):
    chance = random.Random(seed)
    parts, length = [], 0
    while length < size:
        kind = chance.randrange(20)
        if kind == 0:
            part = bytes([chance.randrange(256)]) * chance.randrange(1, 400)
        elif kind == 1:
            part = chance.randbytes(chance.randrange(1, 300))
        elif kind == 2 and parts:
            part = chance.choice(parts)
        else:
            part = b" ".join(chance.choices(WORDS, k=chance.randrange(3, 20))) + b"\n"
        parts.append(part)
        length += len(part)
    return b"".join(parts)[:size]


if __name__ == "__main__":
    path, size, *seed = sys.argv[1:]
    with open(path, "wb") as out:
        out.write(corpus(int(size), *map(int, seed)))
