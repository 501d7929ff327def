"""Makes a tree for rsync, or edits it so that a second run finds deltas.

usage: rsync_tree.py make|edit DIRECTORY
"""
import os
import random
import sys

from corpus import corpus

SIZES = [0, 1, 31, 500, 4_096, 32_767, 32_768, 32_769, 70_000, 300_000, 1_500_000]


def make(directory):
    os.makedirs(os.path.join(directory, "sub"))
    for number, size in enumerate(SIZES):
        with open(os.path.join(directory, "sub" if number % 2 else ".", f"file{number}.txt"), "wb") as out:
            out.write(corpus(size, seed=number))
    with open(os.path.join(directory, "noise.bin"), "wb") as out:
        out.write(random.Random(3).randbytes(400_000))


def edit(directory):
    for where, _, names in os.walk(directory):
        for name in sorted(names):
            path = os.path.join(where, name)
            with open(path, "rb") as file:
                content = bytearray(file.read())
            for at in range(0, len(content), 50_000):
                content[at:at + 20] = b"inserted and changed " * (1 + at % 3)
            with open(path, "wb") as file:
                file.write(content)
            # Another second, so that rsync's quick check sees the change whatever the clock does.
            os.utime(path, (2_000_000_000, 2_000_000_000))


if __name__ == "__main__":
    {"make": make, "edit": edit}[sys.argv[1]](sys.argv[2])
