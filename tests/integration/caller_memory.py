"""Compares what streams ask of the caller's zalloc: with the shim against without.

usage: caller_memory.py PLAIN SHIMMED, two outputs of the guest caller_memory

deflate: never more than zlib and in no other shapes: each block is one that zlib asks for, in zlib's order, or a
smaller one in its place (callers size their arenas by zlib's own needs, and some know a block by its shape). inflate:
at most 1.2 times zlib's.
"""
import sys

INFLATE_FACTOR = 1.2


def lives(path):
    """{label: ([(items, size), ...], peak)}"""
    found = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            label, numbers = line.split(":")
            *blocks, _, peak = numbers.split()
            found[label] = ([tuple(map(int, block.split("x"))) for block in blocks], int(peak))
    return found


def fits(ours, zlibs):
    """Whether each of our blocks has a place of its own in zlib's sequence, in order."""
    places = iter(zlibs)
    return all(any((items == 1) == (place[0] == 1) and items * size <= place[0] * place[1] for place in places)
               for items, size in ours)


def main(plain_path, shimmed_path):
    plain, shimmed = lives(plain_path), lives(shimmed_path)
    failures = []
    if plain.keys() != shimmed.keys() or len(plain) < 700:
        sys.exit(f"{len(plain)} and {len(shimmed)} streams")
    for label, (blocks, peak) in plain.items():
        our_blocks, our_peak = shimmed[label]
        if label.startswith("deflate"):
            good = our_peak <= peak and fits(our_blocks, blocks)
        else:
            good = our_peak <= peak * INFLATE_FACTOR
        if not good:
            failures.append(f"{label}:\n  zlib {blocks}, peak {peak}\n  shim {our_blocks}, peak {our_peak}")
    worst = max(shimmed[label][1] / peak for label, (_, peak) in plain.items() if label.startswith("inflate"))
    print(f"{len(plain)} streams; inflate takes at most {worst:.2f} times what zlib takes")
    if failures:
        sys.exit(f"{len(failures)} streams take too much:\n" + "\n".join(failures[:20]))


main(*sys.argv[1:])
