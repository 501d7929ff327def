"""What the provider does with its configuration, with an engine that fails its known answers, and wdctl calibrate.

    configuration.py BROKEN_ENGINE WDCTL
"""
import os
import shutil
import subprocess
import sys
import tempfile

import provider

failures = []


def expect(what, holds, output=""):
    print(("ok: " if holds else "FAILED: ") + what)
    if not holds:
        failures.append(what)
        print(output)


def run(arguments, section="", module=None, **environment):
    """openssl with only wd, its section in openssl.cnf extended: (exit code, all output)."""
    with tempfile.TemporaryDirectory() as folder:
        conf = os.path.join(folder, "openssl.cnf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write("config_diagnostics = 1\nopenssl_conf = init\n[init]\nproviders = providers\n[providers]\nwd = wd\n"
                       f"[wd]\nmodule = {module or provider.module()}\nactivate = 1\n{section}\n")
        clean = {name: value for name, value in os.environ.items() if name not in provider.FOREIGN}
        done = subprocess.run([provider.program("openssl"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**clean, "OPENSSL_CONF": conf, **environment}, timeout=60, check=False)
        return done.returncode, done.stdout.decode(errors="replace")


def own(kind, section="", **environment):
    """Names of the rows that wd accelerates."""
    return run(["list", f"-{kind}-algorithms", "-propquery", "wd.accel=yes"], section, **environment)[1]


def passthrough():
    code, output = run(["list", "-digest-algorithms"], "passthrough = 0")
    expect("passthrough = 0 leaves no MD5", code == 0 and "MD5" not in output.partition("Provided:")[2], output)
    code, output = run(["dgst", "-md5", "/dev/null"], "passthrough = 1")
    expect("passthrough = 1 has MD5", code == 0 and "d41d8cd98f00b204e9800998ecf8427e" in output, output)


def families():
    if not provider.batches():
        return
    expect("AES-GCM is accelerated", "GCM" in own("cipher").upper(), own("cipher"))
    expect("aes_gcm = off leaves it to default", "GCM" not in own("cipher", "aes_gcm = off").upper())
    expect("and nothing else", "CTR" in own("cipher", "aes_gcm = off").upper())
    expect("sha2 = off leaves SHA-1", "SHA1" in own("digest", "sha2 = off") and "256" not in own("digest", "sha2 = off"))
    expect("hmac = off leaves no MAC", "HMAC" not in own("mac", "hmac = off") and "HMAC" in own("mac"))


def wd_conf():
    if not provider.batches():
        return
    with tempfile.TemporaryDirectory() as folder:
        conf = os.path.join(folder, "wd.conf")
        with open(conf, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("aes_ctr = off\n")
        expect("wd.conf switches a family off", "CTR" not in own("cipher", WD_CONF=conf).upper())
        expect("openssl.cnf wins over wd.conf", "CTR" in own("cipher", "aes_ctr = on", WD_CONF=conf).upper())


def malformed():
    for key, value in (("passthrough", "maybe"), ("aes_gcm", "1"), ("batch_min_bytes", "many"), ("batch_min_depth", "65")):
        code, output = run(["dgst", "-sha256", "/dev/null"], f"{key} = {value}")
        expect(f"{key} = {value} is an error that names the key", code != 0 and key in output, output)


def broken_engine(engine):
    """In a tree of its own: the module looks for its engine beside itself."""
    if not provider.batches():
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("ossl-modules", "wd"):
            os.mkdir(os.path.join(folder, name), 0o755)
        module = shutil.copy(provider.module(), os.path.join(folder, "ossl-modules/wd.so"))
        installed = shutil.copy(engine, os.path.join(folder, "wd/crypto-ipsec-mb.so"))
        code, output = run(["list", "-providers"], module=module)
        expect("a provider whose engine is wrong says so", code == 0 and "status: inactive" in output, output)
        code, output = run(["list", "-cipher-algorithms", "-propquery", "wd.accel=yes"], module=module)
        expect("and does not offer what is wrong", "GCM" not in output.upper(), output)
        code, output = run(["speed", "-seconds", "1", "-bytes", "16", "-evp", "aes-128-gcm"], module=module)
        expect("which default serves", code == 0 and "AES-128-GCM" in output, output)
        os.chmod(installed, 0o666)
        code, output = run(["list", "-providers"], module=module)
        expect("an engine that others can write is not opened", "status: active" in output, output)
    code, output = run(["list", "-providers"])
    expect("the right one is active", "status: active" in output, output)


def calibrate(wdctl):
    with tempfile.TemporaryDirectory() as folder:
        conf = os.path.join(folder, "wd.conf")
        with open(conf, "w", encoding="utf-8") as file:
            file.write("# mine\nlog = warn\nsha2 = off\n")
        done = subprocess.run([wdctl, "calibrate", conf], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        with open(conf, encoding="utf-8") as file:
            lines = file.read().splitlines()
        text = done.stdout.decode()
        expect("wdctl calibrate succeeds", done.returncode == 0, text)
        expect("it leaves other lines", "# mine" in lines and "log = warn" in lines, text)
        families_written = [line for line in lines if line.endswith((" = on", " = off"))]
        expect("and writes each key once", len({line.split()[0] for line in families_written}) == len(families_written), text)
        if provider.batches():
            expect("of all families", len(families_written) == 6, text)
            expect("AES-GCM is faster here", "aes_gcm = on" in lines, text)
        code, output = run(["dgst", "-sha256", "/dev/null"], WD_CONF=conf)
        expect("the provider reads it", code == 0 and "wd.conf" not in output, output)


def main(engine, wdctl):
    passthrough()
    families()
    wd_conf()
    malformed()
    broken_engine(engine)
    calibrate(wdctl)
    sys.exit(1 if failures else 0)


main(*sys.argv[1:])
