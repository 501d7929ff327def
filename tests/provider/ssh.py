"""ssh to an sshd of our own, one of them with only wd loaded, the other on stock OpenSSL.

OpenSSH's ciphers take their IVs by ivgen and tlsivfixed, its key exchange runs in a process that a seccomp filter holds
(so a provider that makes a new kind of system call there ends the connection), and sshd executes itself anew for each
connection. What goes through is compared byte for byte both ways, with new keys every megabyte. Environment: WD_PROVIDER.
"""
import getpass
import itertools
import os
import random
import socket
import subprocess
import sys
import time

import provider

CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr",
           "chacha20-poly1305@openssh.com", "aes128-cbc")
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512", "hmac-sha1", "umac-128-etm@openssh.com")
EXCHANGES = ("curve25519-sha256", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
             "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512", "sntrup761x25519-sha512@openssh.com")
KEYS = (("rsa", 2048), ("ecdsa", 256), ("ecdsa", 521), ("ed25519", 256))
SIGNATURES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521", "rsa-sha2-256", "rsa-sha2-512")
DATA = random.Random(1).randbytes(3_000_000)

CONFIGURATION = """
ListenAddress 127.0.0.1:{port}
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile {directory}/authorized
LogLevel DEBUG3
MaxStartups 100
Ciphers {ciphers}
MACs {macs}
KexAlgorithms {exchanges}
{host_keys}
"""


class Sshd:
    """A running sshd; stopped at the end of the with block."""

    def __init__(self, sides, environment, host_keys):
        self.environment = environment
        self.log = sides.path("sshd.log")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.configuration = sides.path("sshd_config")
        with open(self.configuration, "w", encoding="utf-8") as out:
            out.write(CONFIGURATION.format(
                port=self.port, directory=sides.directory, ciphers=",".join(CIPHERS), macs=",".join(MACS),
                exchanges=",".join(EXCHANGES), host_keys="\n".join(f"HostKey {key}" for key in host_keys)))

    def __enter__(self):
        open(self.log, "w", encoding="ascii").close()
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)  # where it puts the process that is held
        self.process = subprocess.Popen([provider.program("sshd"), "-D", "-f", self.configuration, "-E", self.log],
                                        env=self.environment)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    sys.exit("sshd does not start:\n" + self.logged())
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()


class Client:
    """ssh with an identity, towards one sshd."""

    def __init__(self, sides, sshd, environment, identity):
        self.sshd, self.environment = sshd, environment
        self.command = [provider.program("ssh"), "-F", "none", "-p", str(sshd.port), "-i", identity, "-o", "IdentitiesOnly=yes",
                        "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes", "-o",
                        "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "RekeyLimit=1M"]

    def run(self, what, options, remote="cat", data=DATA):
        """The remote command's output."""
        done = subprocess.run([*self.command, *options, f"{getpass.getuser()}@127.0.0.1", remote], input=data,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, timeout=60, check=False)
        if done.returncode != 0:
            sys.exit(f"{what}: ssh ends with {done.returncode}: {done.stderr.decode(errors='replace')}\n"
                     + self.sshd.logged()[-4000:])
        return done.stdout

    def echo(self, what, options):
        """All data there and back again."""
        if self.run(what, options) != DATA:
            sys.exit(f"{what}: not the same data")

    def loads_module(self):
        with subprocess.Popen([*self.command, f"{getpass.getuser()}@127.0.0.1", "echo here; cat"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, env=self.environment) as process:
            if process.stdout.readline() != b"here\n":
                sys.exit("no ssh connection:\n" + self.sshd.logged()[-4000:])
            loaded = provider.loaded_by(process.pid)
            process.stdin.close()
        return loaded


def make_keys(sides, environment, prefix):
    """A key of each kind; ssh-keygen, too, is on libcrypto."""
    keys = []
    for kind, bits in KEYS:
        keys.append(sides.path(f"{prefix}.{kind}{bits}"))
        provider.run([provider.program("ssh-keygen"), "-q", "-t", kind, "-b", str(bits), "-N", "", "-f", keys[-1]], environment)
    return keys


def one_direction(sides, server, client):
    host_keys, identities = make_keys(sides, server, "host"), make_keys(sides, client, "user")
    with open(sides.path("authorized"), "w", encoding="ascii") as out:
        for identity in identities:
            with open(identity + ".pub", encoding="ascii") as file:
                out.write(file.read())
    with Sshd(sides, server, host_keys) as sshd:
        ssh = Client(sides, sshd, client, identities[0])
        in_sshd = str(provider.module()).encode() in ssh.run("maps", [], "cat /proc/$PPID/maps", b"")
        if (in_sshd, ssh.loads_module()) != (server is sides.alone, client is sides.alone):
            sys.exit("wd is on the wrong side")
        for cipher in CIPHERS:
            ssh.echo(cipher, ["-c", cipher])
        for mac in MACS:
            ssh.echo(mac, ["-c", "aes128-ctr", "-m", mac])
        for exchange in EXCHANGES:
            ssh.run(exchange, ["-o", f"KexAlgorithms={exchange}"], "true", b"")
        for identity, algorithm in zip(itertools.cycle(identities), SIGNATURES):
            Client(sides, sshd, client, identity).run(
                f"{identity} to {algorithm}", ["-o", f"HostKeyAlgorithms={algorithm}"], "true", b"")
        log = sshd.logged()
        for text in "attaching seccomp filter program", "rekey":
            if text not in log:
                sys.exit(f"sshd's log does not say {text!r}:\n{log[:6000]}")
    for file in [*host_keys, *identities]:
        os.remove(file)
        os.remove(file + ".pub")


def main():
    with provider.Sides() as sides:
        for server, client in (sides.alone, sides.stock), (sides.stock, sides.alone):
            one_direction(sides, server, client)
            print(f"wd in {'sshd' if server is sides.alone else 'ssh'}: {len(CIPHERS)} ciphers, {len(MACS)} MACs, "
                  f"{len(EXCHANGES)} key exchanges, {len(KEYS)} kinds of keys", flush=True)


if __name__ == "__main__":
    main()
