"""Reads WD_STATS files: what the shim served.

usage: stats.py FILE PROGRAM ALGORITHM CONDITION...

Adds up the lines of all processes whose program name begins with PROGRAM (python3 names python3.11 too) or, where
PROGRAM is pid:NUMBER, the lines of that process; over every backend and engine. Checks conditions such as
"requests >= 10", "bytes_in == 4096", "processes == 2" (processes with a request of that algorithm), "device_processes ==
2" (those in which a device did one) or "device_share >= 90" (per cent). Nine tenths of
what was inflated must have gone through the inflater of our own, whatever the conditions.
"""
import json
import operator
import re
import sys

COMPARE = {"==": operator.eq, ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
ALGORITHMS = {"deflate", "inflate", "crc32", "adler32"}


def lines(path):
    """The lines of a stats file; a line that is no JSON object of the promised shape is an error."""
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            if line["plugin"] != "zlib" or not isinstance(line["pid"], int) or not line["version"]:
                raise ValueError(f"unexpected line: {text}")
            for row in line["requests"]:
                if row["algorithm"] not in ALGORITHMS or not row["backend"] or not row["engine"]:
                    raise ValueError(f"unexpected row: {row}")
            yield line


def is_of(line, program):
    if program.startswith("pid:"):
        return line["pid"] == int(program[4:])
    return line["program"].startswith(program)


def total(path, program, algorithm):
    """Sums of one algorithm over all lines of a program."""
    sums = {"processes": 0, "device_processes": 0, "requests": 0, "bytes_in": 0, "bytes_out": 0, "fallbacks": 0,
            "own_bytes_out": 0, "device_bytes": 0}
    for line in lines(path):
        if not is_of(line, program):
            continue
        rows = [row for row in line["requests"] if row["algorithm"] == algorithm and row["requests"]]
        sums["processes"] += bool(rows)
        sums["device_processes"] += any(row["backend"] == "hisi" for row in rows)
        for row in rows:
            for field in ("requests", "bytes_in", "bytes_out"):
                sums[field] += row[field]
            sums["own_bytes_out"] += row["bytes_out"] if row["engine"] in ("inflate", "hisi_zip") else 0
            if row["engine"] == "hisi_zip":
                sums["device_bytes"] += row["bytes_in"] + row["bytes_out"]
            sums["fallbacks"] += sum(row["fallbacks"].values())
    sums["device_share"] = 100 * sums["device_bytes"] // max(1, sums["bytes_in"] + sums["bytes_out"])
    return sums


def holds(sums, condition):
    match = re.fullmatch(r"\s*(\w+)\s*(==|>=|<=|>|<)\s*(\d+)\s*", condition)
    if not match:
        raise ValueError(f"no condition: {condition}")
    field, compare, number = match.groups()
    return COMPARE[compare](sums[field], int(number))


def main(path, program, algorithm, *conditions):
    try:
        sums = total(path, program, algorithm)
    except FileNotFoundError:
        sys.exit("there is no stats file: the shim was not in any process that ended normally")
    broken = [condition for condition in conditions if not holds(sums, condition)]
    if algorithm == "inflate" and 10 * sums["own_bytes_out"] < 9 * sums["bytes_out"]:
        broken.append("own_bytes_out >= 90 % of bytes_out")
    print(f"{program} {algorithm}: " + ", ".join(f"{value} {name}" for name, value in sums.items()))
    if broken:
        with open(path, encoding="utf-8") as file:
            sys.exit(f"not so: {', '.join(broken)}\n{file.read()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
