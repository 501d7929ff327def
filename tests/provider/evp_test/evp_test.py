"""OpenSSL's own evp_test over all of its data files, with wd and with what OpenSSL brings.

usage: evp_test.py FOLDER        where the source and the program are kept; made where missing

An algorithm that a provider lacks makes evp_test skip, not fail: so, file by file, the numbers of tests run, failed and
skipped must be those of OpenSSL's own providers. Environment: WD_PROVIDER.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import provider  # noqa: E402

# What is compared with what. Beside legacy there are more tests: those of old ciphers, and of what is made with them.
PAIRS = ((("wd",), ("default",)), (("default", "wd"), ("default",)), (("wd", "legacy"), ("default", "legacy")))
FEWEST_FILES, FEWEST_TESTS = 60, 7000


def output_of(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return done.stdout.decode().strip()


def counts(program, configuration, path, environment):
    """(tests, failed, skipped) of one data file, and the output."""
    done = subprocess.run([program, "-config", configuration, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment, timeout=300, check=False)
    text = done.stdout.decode(errors="replace")
    found = re.findall(r"Completed (\d+) tests with (\d+) errors and (\d+) skipped", text)
    if len(found) != 1 or done.returncode not in (0, 1):
        return None, f"exit {done.returncode}\n{text}"
    numbers = tuple(int(number) for number in found[0])
    return numbers, text


def data_files(source, folder):
    """Copies of the data files, in which tests that are for the provider named default alone are for wd alone."""
    data = os.path.join(source, "test/recipes/30-test_evp_data")
    os.mkdir(folder)
    for name in sorted(os.listdir(data)):
        if name.endswith(".txt"):
            with open(os.path.join(data, name), encoding="utf-8") as file:
                text = re.sub(r"^(Availablein *= *)default$", r"\1wd", file.read(), flags=re.MULTILINE)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write(text)
            yield os.path.join(data, name), os.path.join(folder, name)


def worth_reading(text):
    """Of the output of a run that differs, what says why."""
    lines = [line for line in text.splitlines() if re.search("skipping|ERROR|not ok|error:", line)]
    return "\n".join(lines[-12:])


def compare(sides, program, files, providers, oracle, environment, oracle_program):
    configurations = [sides.configuration("-".join(names) + ".cnf", names, prefer="wd" in names and "default" in names)
                      for names in (providers, oracle)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # Both need their own data only where default is not there under its name.
        got, wanted = ([pool.submit(counts, runs, configuration, theirs if "default" in names else ours, environment)
                        for theirs, ours in files]
                       for runs, configuration, names in zip((program, oracle_program), configurations, (providers, oracle)))
    different, total = [], [0, 0, 0]
    for (file, _), subject, reference in zip(files, got, wanted):
        name = os.path.basename(file)
        if reference.result()[0] is None:
            sys.exit(f"{name} does not run with {oracle}: {reference.result()[1][-2000:]}")
        total = [a + b for a, b in zip(total, reference.result()[0])]
        if subject.result()[0] != reference.result()[0]:
            different.append(name)
            print(f"{name}: tests, failed, skipped with {', '.join(providers)}: {subject.result()[0]}; with "
                  f"{', '.join(oracle)}: {reference.result()[0]}\n{worth_reading(subject.result()[1])}")
    print(f"{', '.join(providers)} against {', '.join(oracle)}: {len(files)} files; {total[0]} tests, {total[1]} failed, "
          f"{total[2]} skipped; {len(different)} files different: {' '.join(different)}", flush=True)
    if len(files) < FEWEST_FILES or total[0] < FEWEST_TESTS or total[1]:
        sys.exit("these are not all tests of evp_test, or OpenSSL's own providers fail some")
    return different


# Of each kind of message so many must have been batched, with a filler or more: far fewer than there are.
FEWEST_BATCHED = {"aes-cbc": 500, "sha1": 50, "sha2": 500, "hmac": 100}
# Every message in a job is batched, however short, and with however few others.
BATCH_ALL = "batch_min_bytes = 1\nbatch_min_depth = 1\n"


def compare_batched(sides, program, files):
    """Each test in a job, and fillers whose messages share its batches: the numbers are default's all the same."""
    conf, stats = sides.path("batch.conf"), sides.path("stats")
    with open(conf, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(BATCH_ALL)
    environment = {**sides.stock, "WD_CONF": conf, "WD_STATS": stats}
    different = compare(sides, program + "_in_jobs", files, ("wd",), ("default",), environment, program)
    batched = dict.fromkeys(FEWEST_BATCHED, 0)
    with open(stats, encoding="utf-8") as file:
        for row in (row for line in file for row in json.loads(line)["requests"]):
            if row["engine"] == "ipsec-mb" and row["algorithm"] in batched:
                batched[row["algorithm"]] += row["requests"]
    print(f"batched: {batched}")
    if not provider.batches():
        print("this CPU is none for batches")
        return different
    return different + [f"batches of {kind}" for kind, fewest in FEWEST_BATCHED.items() if batched[kind] < fewest]


def main(folder):
    source = output_of(os.path.join(here, "source.sh"), folder)
    program = output_of(os.path.join(here, "build.sh"), source,
                        os.path.join(folder, "evp_test-" + os.path.basename(source)))
    with provider.Sides() as sides:
        files = list(data_files(source, sides.path("data")))
        different = [compare(sides, program, files, *pair, sides.stock, program) for pair in PAIRS]
        different.append(compare_batched(sides, program, files))
        sys.exit(1 if any(different) else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
