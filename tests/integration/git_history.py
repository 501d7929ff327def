"""Writes a git fast-import stream: a few hundred commits over a few hundred files, the same every time.

usage: git_history.py COMMITS >STREAM
"""
import random
import sys

from corpus import corpus


def main(commits):
    out = sys.stdout.buffer
    chance = random.Random(7)
    texts = {}

    def data(content):
        out.write(b"data %d\n%s\n" % (len(content), content))

    for number in range(commits):
        out.write(b"commit refs/heads/main\nmark :%d\n" % (number + 1))
        out.write(b"committer Test <test@example.invalid> %d +0000\n" % (1700000000 + 60 * number))
        data(b"change %d\n" % number)
        for _ in range(3):
            path = b"src/%d/file%d.c" % (chance.randrange(8), chance.randrange(40))
            content = texts.get(path) or corpus(chance.randrange(200, 30000), seed=number)
            # A small edit in the middle, so that repacking finds deltas.
            at = chance.randrange(len(content))
            texts[path] = content[:at] + b"edit %d\n" % number + content[at + 5:]
            out.write(b"M 100644 inline %s\n" % path)
            data(texts[path])
        if number % 50 == 25:
            # Above core.bigFileThreshold as the test sets it: streamed in and out instead of held in memory.
            out.write(b"M 100644 inline big%d.bin\n" % number)
            data(corpus(700_000, seed=number))
    out.write(b"done\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
