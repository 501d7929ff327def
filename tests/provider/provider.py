"""Programs on libcrypto with only the provider wd, with stock OpenSSL, and with both.

Environment: WD_PROVIDER, the module (build/release/lib/ossl-modules/wd.so). Whatever file that is, the provider is
named wd, so that a module made to be wrong can be tried in its place.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CONFIGURATION = """
openssl_conf = openssl_init
# A module that cannot be loaded is an error. Without this, default would silently take its place.
config_diagnostics = 1

[openssl_init]
providers = providers
{properties}
[providers]
{activated}
[wd_section]
module = {module}
activate = 1

[default_section]
activate = 1
[legacy_section]
activate = 1

[properties]
default_properties = ?provider=wd

[req]
distinguished_name = distinguished_name
[distinguished_name]
"""

# What the caller's shell says must not reach the programs under test.
FOREIGN = ("OPENSSL_CONF", "OPENSSL_MODULES", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_PRELOAD", "LD_LIBRARY_PATH",
           "WD_STATS", "WD_CONF", "WD_LOG", "WD_BACKEND")


def module():
    path = os.environ.get("WD_PROVIDER", "")
    if not os.path.isfile(path):
        sys.exit(f"no provider module at WD_PROVIDER={path!r}")
    return os.path.abspath(path)


def batches():
    """Whether this CPU is one for which messages of several jobs share batches. On others the provider has none."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = set(re.search(r"^flags\s*: (.*)$", file.read() + "\nflags : ", re.MULTILINE).group(1).split())
    return {"vaes", "vpclmulqdq", "avx512f", "avx512bw", "avx512vl"} <= flags


def program(name):
    """Where a program is. One that is missing is a failure: a test that skips itself shows nothing."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not path:
        sys.exit(f"{name} is not installed")
    return path


class Sides:
    """The environments that programs are run in, and a directory that is removed at the end of the with block.

    alone: only wd is loaded. stock: OpenSSL as the machine has it. beside: default and wd, with ?provider=wd.
    """

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="wd-provider.")
        os.chmod(self.directory, 0o755)
        plain = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        plain.update(LC_ALL="C", TMPDIR=self.directory)
        self.stock = plain
        self.alone = dict(plain, OPENSSL_CONF=self.configuration("alone.cnf", ["wd"]))
        self.beside = dict(plain, OPENSSL_CONF=self.configuration("beside.cnf", ["default", "wd"], prefer=True))
        self.expect_providers()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def configuration(self, name, activated, prefer=False):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(CONFIGURATION.format(
                module=module(), activated="\n".join(f"{each} = {each}_section" for each in activated),
                properties="alg_section = properties\n" if prefer else ""))
        return self.path(name)

    def expect_providers(self):
        """Without this a test could pass on default alone."""
        for environment, want in (self.stock, ["default"]), (self.alone, ["wd"]), (self.beside, ["default", "wd"]):
            listed = run([program("openssl"), "list", "-providers"], environment).decode()
            if re.findall(r"^  (\w+)$", listed, re.MULTILINE) != want or listed.count("status: active") != len(want):
                sys.exit(f"not the providers {want}:\n{listed}")


def run(command, environment, data=b""):
    """Standard output of a command that must succeed; it reads `data`."""
    done = subprocess.run(command, env=environment, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, check=False)
    if done.returncode != 0:
        sys.exit(f"exit {done.returncode}: {' '.join(command)}\n" + done.stderr.decode(errors="replace"))
    return done.stdout


def loaded_by(pid):
    """Whether a running process has the module mapped."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return module() in file.read()
