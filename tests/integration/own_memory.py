"""Compares what one more stream costs without a zalloc: with the shim at most 1.3 times what it costs without.

usage: own_memory.py PLAIN SHIMMED, two outputs of the guest own_memory
"""
import sys

FACTOR = 1.3


def costs(path):
    with open(path, encoding="ascii") as file:
        return {label: int(cost) for label, cost in (line.split(":") for line in file if ":" in line)}


def main(plain_path, shimmed_path):
    plain, shimmed = costs(plain_path), costs(shimmed_path)
    if plain.keys() != shimmed.keys() or len(plain) < 140 or not all(plain.values()):
        sys.exit(f"{len(plain)} and {len(shimmed)} streams")
    ratios = {label: shimmed[label] / cost for label, cost in plain.items()}
    print(f"{len(plain)} kinds of streams; one costs at most {max(ratios.values()):.2f} times what it costs in zlib")
    failures = [f"{label}: {shimmed[label]} bytes for zlib's {plain[label]}"
                for label, ratio in ratios.items() if ratio > FACTOR]
    if failures:
        sys.exit(f"{len(failures)} take too much:\n" + "\n".join(failures[:40]))


main(*sys.argv[1:])
