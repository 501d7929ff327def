"""CPython's own tests of zlib, gzip, zipfile and tarfile: with the shim each must end as it ends without it.

Needs Debian's libpython3.11-testsuite. Environment: WD_SHIM; WD_TEST_DEVICES as shim_run.sh has it.
"""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import stats

# Tests that compare the compressed bytes of two ways to compress the same, which only one engine for both ways gives.
# CPython leaves that comparison out itself where it knows of an accelerator. With WD_COMPRESSION=exact, which promises
# zlib's bytes, there is no exception.
BY_BYTES = {"test.test_zlib.CompressObjectTestCase.test_pair"}

# A test that expects a size which the emulated device's simple codec does not reach.
# And one that counts the process's descriptors, of which a queue is one.
NOT_ON_DEVICES = {"test.test_gzip.TestGzip.test_decompress_limited",
                  "test.test_zipfile.TestsWithMultipleOpens.test_many_opens"}
DEVICES = os.environ.get("WD_TEST_DEVICES", "none")
# What the programs tested compress is the device's; so is what they decompress, but the older device reads no raw
# streams. test_zlib tries all parameters, also those that are zlib's alone.
FOR_DEVICES = ("test_gzip", "test_zipfile", "test_tarfile")
BY_DEVICES = {"v2": ("deflate",), "v3": ("deflate", "inflate")}.get(DEVICES, ())

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


def compare(suite, fewest, compression):
    """True if the suite ends the same with and without the shim, and the shim served it."""
    with tempfile.TemporaryDirectory(prefix="wd-integration.") as plain, \
         tempfile.TemporaryDirectory(prefix="wd-integration.") as shimmed:
        line_file = os.path.join(shimmed, "stats.jsonl")
        oracle, _ = outcomes(plain, suite, {})
        ours, output = outcomes(shimmed, suite, {"LD_PRELOAD": os.environ["WD_SHIM"], "WD_STATS": line_file,
                                                   "WD_COMPRESSION": compression})
        passed = sum(verdict == "passed" for verdict in oracle.values())
        deflate = stats.total(line_file, "python3", "deflate")
        inflate = stats.total(line_file, "python3", "inflate")
    print(f"{suite}, {compression}: {len(oracle)} tests, {passed} pass without the shim; "
          f"the shim served {deflate['requests']} deflate and {inflate['requests']} inflate calls, "
          f"{deflate['bytes_in']} and {inflate['bytes_out']} bytes")
    differing = {test for test in oracle | ours if oracle.get(test) != ours.get(test)}
    if compression == "default":
        differing -= BY_BYTES
    if DEVICES != "none":
        differing -= NOT_ON_DEVICES
    for test in sorted(differing):
        print(f"  {test}: {oracle.get(test)} without, {ours.get(test)} with the shim")
    if differing:
        print(output)
    shares = {"deflate": deflate["device_share"], "inflate": inflate["device_share"]}
    if compression == "default" and suite in FOR_DEVICES and any(shares[name] < 90 for name in BY_DEVICES):
        print(f"  {shares} per cent were the device's")
        return False
    return (not differing and passed >= fewest and deflate["requests"] >= 50 and inflate["requests"] >= 50
            and deflate["bytes_in"] >= 100_000 and inflate["bytes_out"] >= 100_000)


if __name__ == "__main__":
    verdicts = [compare(*suite, "default") for suite in SUITES.items()]
    if DEVICES == "none":
        verdicts.append(compare("test_zlib", SUITES["test_zlib"], "exact"))
    sys.exit(0 if all(verdicts) else "CPython's tests differ under the shim")
