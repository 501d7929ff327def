"""CPython's own tests of zlib, gzip, zipfile and tarfile: with the shim each must end as it ends without it.

Needs Debian's libpython3.11-testsuite. Environment: WD_SHIM.
"""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import stats

SUITES = {"test_zlib": 60, "test_gzip": 50, "test_zipfile": 200, "test_tarfile": 500}  # name: fewest tests


def outcomes(directory, suite, extra):
    """Runs one suite; returns {test: passed, skipped, failure or error}."""
    report = os.path.join(directory, f"{suite}.xml")
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("LD_PRELOAD", "SOURCE_DATE_EPOCH") and not key.startswith("PYTHON")}
    run = subprocess.run(["/usr/bin/python3", "-m", "test", "--junit-xml", report, suite], cwd=directory,
                         env={**environment, "TMPDIR": directory, **extra}, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if not os.path.exists(report):
        sys.exit(f"{suite} did not run:\n{run.stdout}")
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        verdicts = [child.tag for child in case if child.tag in ("skipped", "failure", "error")]
        found[case.get("name")] = verdicts[0] if verdicts else "passed"
    return found, run.stdout


def compare(suite, fewest):
    """True if the suite ends the same with and without the shim, and the shim served it."""
    with tempfile.TemporaryDirectory(prefix="wd-integration.") as plain, \
         tempfile.TemporaryDirectory(prefix="wd-integration.") as shimmed:
        line_file = os.path.join(shimmed, "stats.jsonl")
        oracle, _ = outcomes(plain, suite, {})
        ours, output = outcomes(shimmed, suite, {"LD_PRELOAD": os.environ["WD_SHIM"], "WD_STATS": line_file})
        passed = sum(verdict == "passed" for verdict in oracle.values())
        deflate = stats.total(line_file, "python3", "deflate")
        inflate = stats.total(line_file, "python3", "inflate")
    print(f"{suite}: {len(oracle)} tests, {passed} pass without the shim; "
          f"the shim served {deflate['requests']} deflate and {inflate['requests']} inflate calls, "
          f"{deflate['bytes_in']} and {inflate['bytes_out']} bytes")
    differing = {test for test in oracle | ours if oracle.get(test) != ours.get(test)}
    for test in sorted(differing):
        print(f"  {test}: {oracle.get(test)} without, {ours.get(test)} with the shim")
    if differing:
        print(output)
    return (not differing and passed >= fewest and deflate["requests"] >= 50 and inflate["requests"] >= 50
            and deflate["bytes_in"] >= 100_000 and inflate["bytes_out"] >= 100_000)


if __name__ == "__main__":
    sys.exit(0 if all([compare(*suite) for suite in SUITES.items()]) else "CPython's tests differ under the shim")
