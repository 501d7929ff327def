"""Runs inside the virtual machine: real programs with the shim, whose work real device nodes do.

usage: programs.py SHIM LEAST_SHARE

Each program runs without the shim first; results must be the same, and either reads what the other made. WD_STATS tells
the device's share of the bytes, which must be LEAST_SHARE percent at least.
"""
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path

SHIM, LEAST_SHARE = sys.argv[1], float(sys.argv[2])
STATS = "/tmp/stats.jsonl"
WORDS = [word.encode() for word in "the queue of a device shared memory rings doorbell wrap and so on \n".split(" ")]

# Told at the end, so that every program's share is known.
TOO_LOW = []


def corpus(size, seed):
    chance = random.Random(seed)
    return b" ".join(chance.choice(WORDS) for _ in range(size // 5))[:size]


def plain(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def shimmed(*command, **options):
    environment = dict(os.environ, LD_PRELOAD=SHIM, WD_BACKEND="hisi", WD_STATS=STATS)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, **options).stdout


def check(what, holds):
    if not holds:
        sys.exit(f"FAILED: {what}")


def reads_raw_streams():
    return any("deflate" in path.read_text(encoding="ascii").split() for path in Path("/sys/class/uacce").glob("*/algorithms"))


def share(program, algorithm):
    """Of all bytes of an algorithm, uncompressed, the percentage that a device worked on."""
    field = "bytes_in" if algorithm == "deflate" else "bytes_out"
    by_backend = {"hisi": 0, "software": 0}
    fallbacks = {}
    with open(STATS, encoding="utf-8") as file:
        for line in map(json.loads, file):
            if not line["program"].startswith(program):
                continue
            for row in line["requests"]:
                if row["algorithm"] == algorithm:
                    by_backend[row["backend"]] += row[field]
                    for reason, count in row["fallbacks"].items():
                        fallbacks[reason] = fallbacks.get(reason, 0) + count
    total = sum(by_backend.values())
    percent = 100 * by_backend["hisi"] / total if total else 0
    print(f"{program} {algorithm}: {percent:.1f} % of {total} bytes on the device; fallbacks {fallbacks}")
    # pigz decompresses by inflateBack, which is software's. Python's gzip reads raw streams, which the older device does not.
    excused = {("pigz", "inflate")} | (set() if reads_raw_streams() else {("python", "inflate")})
    if percent < LEAST_SHARE and (program, algorithm) not in excused:
        TOO_LOW.append(f"{program} {algorithm} {percent:.1f} %")


def run_python():
    script = """
import gzip, hashlib, sys, zlib
data = sys.stdin.buffer.read()
packed = zlib.compress(data, 6)
stream = zlib.compressobj(6, zlib.DEFLATED, 31)
pieces = b''.join(stream.compress(data[i:i + 30000]) for i in range(0, len(data), 30000)) + stream.flush()
assert zlib.decompress(packed) == data and gzip.decompress(pieces) == data
reader = zlib.decompressobj(31)
assert b''.join(reader.decompress(pieces[i:i + 5000]) for i in range(0, len(pieces), 5000)) == data
assert gzip.decompress(gzip.compress(data)) == data
sys.stdout.buffer.write(pieces)
"""
    for size in (1, 1000, 100_000, 2_000_000):
        data = corpus(size, size)
        pieces = shimmed(sys.executable, "-c", script, input=data)
        check(f"python, {size} bytes", gzip.decompress(pieces) == data)


def run_pigz():
    data = corpus(3_000_000, 5)
    for options in (("-z",), ("-p", "3"), ("-p", "1", "-9")):
        check(f"pigz {options}", plain("pigz", "-d", "-c", input=shimmed("pigz", "-c", *options, input=data)) == data)
        check(f"pigz -d {options}", shimmed("pigz", "-d", "-c", input=plain("pigz", "-c", *options, input=data)) == data)


def make_repository(run, folder):
    def git(*arguments):
        return run("git", "-C", folder, *arguments)

    os.makedirs(folder)
    git("init", "-q")
    for commit in range(2):
        for number in range(4):
            with open(f"{folder}/file{number}", "wb") as file:
                file.write(corpus(20_000 * (number + 1), commit * 10 + number))
        git("add", ".")
        git("commit", "-q", "-m", f"commit {commit}")
    git("gc", "-q")
    git("fsck", "--strict")
    return git("rev-parse", "HEAD"), hashlib.sha256(git("archive", "HEAD")).digest()


def run_git():
    os.environ.update(HOME="/tmp", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.invalid",
                      GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.invalid",
                      GIT_AUTHOR_DATE="1800000000 +0000", GIT_COMMITTER_DATE="1800000000 +0000")
    expected = make_repository(plain, "/tmp/plain.git.work")
    check("git: the same objects", make_repository(shimmed, "/tmp/shimmed.git.work") == expected)
    plain("git", "-C", "/tmp/shimmed.git.work", "fsck", "--strict")
    shimmed("git", "-C", "/tmp/plain.git.work", "fsck", "--strict")
    shimmed("git", "clone", "-q", "--no-local", "/tmp/plain.git.work", "/tmp/clone")


check("zlib of this interpreter can be replaced", zlib.ZLIB_RUNTIME_VERSION)
for body in (run_python, run_pigz, run_git):
    if os.path.exists(STATS):
        os.remove(STATS)
    body()
    for algorithm in ("deflate", "inflate"):
        share(body.__name__.removeprefix("run_"), algorithm)
check(f"the device did less than {LEAST_SHARE} % of {', '.join(TOO_LOW)}", not TOO_LOW)
