"""Every kind of `openssl speed` with only wd loaded: a figure from each, and no error.

A round of speed lasts until alarm() has its program told so, a second at least. Here a library that is preloaded makes that
50 ms, so that all ciphers and digests there are can be gone through; with WD_TEST_LONG=1 speed is left as it is.
Environment: WD_PROVIDER.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

import provider

SHORT_ALARM = """
#include <sys/time.h>

unsigned alarm(unsigned seconds) {
  const struct itimerval after = {.it_value = {.tv_sec = 0, .tv_usec = seconds != 0 ? 50000 : 0}};
  setitimer(ITIMER_REAL, &after, 0);
  return 0;
}
"""

PUBLIC_KEY = (
    [f"rsa{bits}" for bits in (512, 1024, 2048, 3072, 4096, 7680, 15360)] + [f"dsa{bits}" for bits in (512, 1024, 2048)]
    + [f"ecdsa{curve}" for curve in "p160 p192 p224 p256 p384 p521 k163 k233 k283 k409 k571 b163 b233 b283 b409 b571 "
       "brp256r1 brp256t1 brp384r1 brp384t1 brp512r1 brp512t1".split()]
    + [f"ecdh{curve}" for curve in "p160 p192 p224 p256 p384 p521 k163 k233 k283 k409 k571 b163 b233 b283 b409 b571 "
       "brp256r1 brp256t1 brp384r1 brp384t1 brp512r1 brp512t1 x25519 x448".split()]
    + ["ed25519", "ed448", "sm2", "ffdh2048", "ffdh3072", "ffdh4096", "ffdh6144", "ffdh8192"])
SLOW = ("rsa7680", "rsa15360")
BUILT_IN = ("md5 sha1 sha256 sha512 rmd160 des-ede3 aes-128-cbc aes-192-cbc aes-256-cbc camellia-128-cbc camellia-192-cbc "
            "camellia-256-cbc rand ghash").split()
DIGESTS = "md5 sha1 sha224 sha256 sha384 sha512 sha512-256 sha3-256 sm3 ripemd160".split()
AEAD = ("aes-128-gcm aes-192-gcm aes-256-gcm aes-128-ccm aes-256-ccm aes-128-ocb chacha20-poly1305 aria-128-gcm "
        "aria-256-ccm").split()
JOBS = (1, 8, 32)
JOBS_OVER = ("aes-128-gcm", "aes-256-ctr", "aes-128-cbc", "aes-256-cbc", "sha1", "sha256", "sha512")


class Speed:
    """Runs it, and collects what went wrong."""

    def __init__(self, sides):
        self.short_alarm = {} if os.environ.get("WD_TEST_LONG") == "1" else {"LD_PRELOAD": self.make_alarm_short(sides)}
        self.sides = sides
        self.failures = []
        self.measured = 0

    @staticmethod
    def make_alarm_short(sides):
        with open(sides.path("alarm.c"), "w", encoding="ascii") as out:
            out.write(SHORT_ALARM)
        provider.run([provider.program("cc"), "-shared", "-fPIC", "-O1", "-o", sides.path("alarm.so"), sides.path("alarm.c")],
                     sides.stock)
        return sides.path("alarm.so")

    def listed(self, kind):
        """A name of each algorithm of a kind that `openssl list` shows. They must be default's, by every name."""
        with_wd, with_default = (
            sorted(re.findall(r"^  (.*) @ (?:wd|default)$", provider.run(
                [provider.program("openssl"), "list", f"-{kind}-algorithms"], environment).decode(), re.MULTILINE))
            for environment in (self.sides.alone, self.sides.stock))
        if with_wd != with_default or len(with_default) < 15:
            self.failures.append(f"{kind} algorithms: {sorted(set(with_default) ^ set(with_wd))} with only one of the two")
        return [next(name for name in line.strip("{ }").split(", ") if not re.fullmatch(r"[\d.]+", name))
                for line in with_default]

    def speed(self, loaded, arguments, seconds=None):
        """Whether there are figures, and no error; and the output."""
        environment = self.sides.stock if seconds else {**self.sides.stock, **self.short_alarm}
        done = subprocess.run([provider.program("openssl"), "speed", *loaded, "-elapsed", "-mr", "-seconds", seconds or "1",
                               *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=300, check=False)
        out, said = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        # Numbers of nought (or none, divided by nothing) are no figures.
        figures = re.findall(r"^\+F\d*:.*:(\S+)$", out, re.MULTILINE)
        good = figures and all(re.fullmatch(r"[0-9.]*[1-9][0-9.]*", figure) for figure in figures)
        errors = re.search("error|fail|unable|unknown|not ", said, re.IGNORECASE)
        return done.returncode == 0 and good and not errors, f"exit {done.returncode}\n{out[-900:]}{said[-700:]}"

    def measure(self, *arguments, as_default=False):
        """With `as_default`, what speed cannot measure in default need not be measured."""
        self.measured += 1
        loaded = ["-provider-path", os.path.dirname(provider.module()), "-provider", "wd"]
        good, text = self.speed(loaded, arguments, "2" if arguments[-1] in SLOW else None)
        if not good and not as_default:
            # Of fewer than two operations in a round speed gives no figure: this machine may be busy.
            good, text = self.speed(loaded, arguments, "10")
        if not good and not (as_default and not self.speed([], arguments)[0]):
            self.failures.append(f"{' '.join(arguments)}: {text}")

    def everything(self):
        """Each call as the arguments of measure()."""
        sizes = "-bytes", "1024"
        for kind in "cipher", "digest":
            for name in self.listed(kind):
                yield (*sizes, "-evp", name), True
        for name in JOBS_OVER:
            yield ("-evp", name), False  # over all of speed's sizes
            for jobs in JOBS:
                yield (*sizes, "-async_jobs", str(jobs), "-evp", name), False
        yield from (((*sizes, "-hmac", name), False) for name in DIGESTS)
        yield from (((*sizes, "-cmac", name), False) for name in ("aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des-ede3-cbc"))
        yield from (((*sizes, *way, "-aead", "-evp", name), False) for name in AEAD for way in ([], ["-decrypt"]))
        yield from (((*sizes, "-decrypt", "-evp", name), False) for name in ("aes-128-cbc", "aes-256-ctr", "aes-256-ecb"))
        yield from ((("-mb", "-evp", f"aes-{bits}-cbc-hmac-{digest}"), False) for bits in (128, 256)
                    for digest in ("sha1", "sha256"))
        yield from (((*sizes, name), False) for name in BUILT_IN)
        yield from (((name,), False) for name in PUBLIC_KEY)
        yield from (((*sizes, "-multi", "2", *what), False) for what in (
            ["-evp", "aes-128-gcm"], ["-evp", "sha256"], ["-hmac", "sha256"], ["rand"], ["rsa2048"], ["ecdsap256"]))


def main():
    with provider.Sides() as sides:
        speed = Speed(sides)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(speed.measure, *arguments, as_default=as_default)
                         for arguments, as_default in speed.everything()]:
                done.result()
        print(f"{speed.measured} runs of openssl speed, {len(speed.failures)} failed")
        sys.exit("\n".join(speed.failures) or 0)


if __name__ == "__main__":
    main()
