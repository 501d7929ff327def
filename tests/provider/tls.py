"""TLS between s_server and s_client, one of them with only wd loaded, the other on stock OpenSSL.

usage: tls.py server|client        the side that wd is on

Every cipher suite of TLS 1.2 and 1.3 that default offers, CBC with and without encrypt-then-mac; every group; every
kind of certificate, on both sides; session resumption; early data; key update; renegotiation; DTLS. What goes wrong in a
provider shows as a connection that ends early and says nothing: so all that is sent either way is compared byte for byte.
Environment: WD_PROVIDER; WD_TEST_LONG=1 sends 10 MB through every suite, not only through those of AES.
"""
import ctypes
import os
import random
import re
import selectors
import socket
import subprocess
import sys
import time

import provider
from certificates import KINDS, Certificates

SECONDS = 20  # for one transfer
SIZES = (1, 16_384, 16_385, 300_000)
LARGE = 10_000_000
EVERYTHING = "ALL:eNULL:@SECLEVEL=0"
PSK = "000102030405060708090a0b0c0d0e0f"


class Failure(Exception):
    """What went wrong in one connection."""


class Parameter(ctypes.Structure):
    """OSSL_PARAM."""
    _fields_ = [("key", ctypes.c_char_p), ("type", ctypes.c_uint), ("value", ctypes.c_void_p), ("bytes", ctypes.c_size_t),
                ("returned", ctypes.c_size_t)]


def default_groups():
    """Name, least and greatest version of TLS of every group that default offers: no command lists them."""
    groups = {}  # by number: some have several names

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Parameter), ctypes.c_void_p)
    def take(parameters, _):
        row, i = {}, 0
        while parameters[i].key:
            each = parameters[i]
            row[each.key] = (ctypes.cast(each.value, ctypes.c_char_p).value.decode() if each.type == 4
                             else int.from_bytes(ctypes.string_at(each.value, each.bytes), sys.byteorder, signed=each.type == 1))
            i += 1
        groups[row[b"tls-group-id"]] = (row[b"tls-group-name"], row[b"tls-min-tls"], row[b"tls-max-tls"])
        return 1

    crypto = ctypes.CDLL("libcrypto.so.3")
    crypto.OSSL_PROVIDER_load.restype = ctypes.c_void_p
    crypto.OSSL_PROVIDER_load.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    crypto.OSSL_PROVIDER_get_capabilities.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
    default = crypto.OSSL_PROVIDER_load(None, b"default")
    if crypto.OSSL_PROVIDER_get_capabilities(default, b"TLS-GROUP", take, None) != 1 or len(groups) < 10:
        sys.exit(f"default's groups are not to be had: {groups}")
    return list(groups.values())


def read(path):
    with open(path, "rb") as file:
        return file.read()


def material(size):
    # Not beginning with a letter that s_client would take for a command.
    return b"=" + random.Random(size).randbytes(size - 1)


class Process:
    """An s_server or s_client with its three streams in our hands."""

    def __init__(self, arguments, environment, directory):
        self.process = subprocess.Popen([provider.program("openssl"), *arguments], env=environment, cwd=directory,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for stream in self.process.stdin, self.process.stdout, self.process.stderr:
            os.set_blocking(stream.fileno(), False)
        self.said = b""

    def listen_to(self):
        """Keeps what was written to standard error so far."""
        try:
            while part := os.read(self.process.stderr.fileno(), 1 << 16):
                self.said += part
        except BlockingIOError:
            pass
        return self.said

    def wait_for(self, text, what):
        deadline = time.monotonic() + SECONDS
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stderr, selectors.EVENT_READ)
            while text not in self.listen_to():
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"no {what}")
                ready.select(0.2)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.listen_to()
        for stream in self.process.stdin, self.process.stdout, self.process.stderr:
            stream.close()


def carry(data, source, sink):
    """Has one process send, and compares what the other one gets."""
    out, into = source.process.stdin.fileno(), sink.process.stdout.fileno()
    sent, got = 0, bytearray()
    deadline = time.monotonic() + SECONDS
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_WRITE)
        ready.register(into, selectors.EVENT_READ)
        while len(got) < len(data):
            events = ready.select(0.2)
            for key, _ in events:
                try:
                    if key.fd == out:
                        sent += os.write(out, data[sent:sent + (1 << 16)])
                        if sent == len(data):
                            ready.unregister(out)
                        continue
                    part = os.read(into, 1 << 20)
                except OSError as error:
                    raise Failure(f"{error} after {len(got)} of {len(data)} bytes") from error
                if not part:
                    raise Failure(f"end after {len(got)} of {len(data)} bytes")
                got += part
            gone = any(side.process.poll() is not None for side in (source, sink))
            if not events and (gone or time.monotonic() > deadline):
                raise Failure(f"{'a process ended' if gone else 'nothing more'} after {len(got)} of {len(data)} bytes")
    if got != data:
        at = next(i for i, pair in enumerate(zip(got, data)) if pair[0] != pair[1])
        raise Failure(f"{len(data)} bytes sent: other ones received, from byte {at} on")


class Server:
    """An s_server, which one client after the other comes to; started anew after a failure."""

    def __init__(self, test, arguments):
        self.test, self.arguments = test, arguments
        self.datagrams = "-dtls" in " ".join(arguments)
        self.start()

    def start(self):
        for _ in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            self.running = Process(["s_server", "-accept", f"127.0.0.1:{self.port}", "-brief", *self.arguments],
                                   self.test.server_side, self.test.sides.directory)
            deadline = time.monotonic() + SECONDS
            while not self.listens() and self.running.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            if self.running.process.poll() is None:
                break
            self.running.end()  # somebody else may have taken the port
        else:
            sys.exit(f"s_server does not start: {self.arguments}\n{self.running.said.decode()}")
        if provider.loaded_by(self.running.process.pid) != (self.test.wd_side == "server"):
            sys.exit("wd is on the wrong side")

    def listens(self):
        """Whether it does, without a connection that would count as a failed one."""
        table, state = ("udp", "07") if self.datagrams else ("tcp", "0A")
        with open(f"/proc/net/{table}", encoding="ascii") as file:
            return any(line.split()[1:4:2] == [f"0100007F:{self.port:04X}", state] for line in file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.end()


class Tls:
    """All of it, with wd on one side."""

    def __init__(self, sides, wd_side):
        self.sides, self.wd_side = sides, wd_side
        self.server_side, self.client_side = sides.stock, sides.stock
        if wd_side == "server":
            self.server_side = sides.alone
        else:
            self.client_side = sides.alone
        self.certificates = Certificates(sides)
        self.large_everywhere = os.environ.get("WD_TEST_LONG") == "1"
        self.failures = []
        self.connections = 0

    def server(self, kind, *arguments):
        return Server(self, ["-cert", self.certificates.certificate(kind), "-key", self.certificates.key(kind),
                             "-CAfile", self.certificates.certificate("ca"), *arguments])

    def connect(self, server, what, arguments, sizes=SIZES, expect="", before=None):
        """One connection: `before`, then each size both ways, then a clean end."""
        client = Process(["s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", "localhost", "-brief", "-CAfile",
                          self.certificates.certificate("ca"), *([] if before else ["-nocommands"]), *arguments],
                         self.client_side, self.sides.directory)
        self.connections += 1
        try:
            client.wait_for(b"CONNECTION ESTABLISHED\n", "connection")
            if before:
                before(client, server.running)
            for size in sizes:
                data = material(size)
                carry(data, client, server.running)
                carry(data, server.running, client)
            client.process.stdin.close()
            code = client.process.wait(SECONDS)
            if code != 0:
                raise Failure(f"s_client ends with {code}")
            said = client.listen_to().decode(errors="replace")
            if not re.search(expect, said):
                raise Failure(f"s_client does not say {expect!r}")
        except (Failure, subprocess.TimeoutExpired, BrokenPipeError) as failure:
            client.end()
            server.running.end()
            self.failures.append(f"{what}: {failure}\n  client: {client.said.decode(errors='replace')[-600:]}\n"
                                 f"  server: {server.running.said.decode(errors='replace')[-600:]}")
            print(f"FAILED: {self.failures[-1]}", flush=True)
            if len(self.failures) > 5:
                self.finish()
            server.start()
            return
        client.end()
        server.running.listen_to()

    def suites(self, version, *arguments):
        listed = provider.run([provider.program("openssl"), "ciphers", "-s", f"-{version}", *arguments],
                              self.sides.stock).decode().strip()
        return [suite for suite in listed.split(":") if suite.startswith("TLS_") == (version == "tls1_3")]

    def sizes(self, suite):
        return (*SIZES, LARGE) if self.large_everywhere or "AES" in suite and "CCM" not in suite else (*SIZES, 1_000_000)

    def old_suites(self):
        """TLS 1.2, and of each older version one suite."""
        suites = self.suites("tls1_2", "-psk", EVERYTHING)
        dsa = [suite for suite in suites if "-DSS-" in suite]
        others = [suite for suite in suites if suite not in dsa]
        common = ["-cipher", EVERYTHING, "-psk", PSK]
        second = ["-dcert", self.certificates.certificate("p256"), "-dkey", self.certificates.key("p256")]
        for kind, more, which in ("rsa", second, others), ("dsa", [], dsa):
            with self.server(kind, *common, *more) as server:
                for suite in which:
                    self.one_old_suite(server, suite)
        with self.server("rsa", *common) as server:
            for version in "tls1", "tls1_1":
                for suite in "ECDHE-RSA-AES128-SHA", "DHE-RSA-CAMELLIA256-SHA":
                    self.connect(server, f"{version} {suite}", [f"-{version}", "-cipher", f"{suite}:@SECLEVEL=0"])
        self.report(f"{len(suites)} suites of TLS 1.2")

    def one_old_suite(self, server, suite):
        arguments = ["-tls1_2", "-cipher", f"{suite}:@SECLEVEL=0"]
        if "PSK" in suite:
            arguments += ["-psk", PSK]
        self.connect(server, suite, arguments, self.sizes(suite), f"Ciphersuite: {suite}\n")
        if re.search("SHA(256|384)?$", suite) and "GCM" not in suite and "POLY1305" not in suite:
            self.connect(server, f"{suite} with mac-then-encrypt", [*arguments, "-no_etm"], expect=f"Ciphersuite: {suite}\n")

    def new_suites(self):
        suites = self.suites("tls1_3") + ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"]
        # Newer OpenSSL has no CCM_8 at its usual security level.
        with self.server("rsa", "-ciphersuites", ":".join(suites), "-tls1_3", "-cipher", EVERYTHING) as server:
            for suite in suites:
                arguments = ["-tls1_3", "-ciphersuites", suite, "-cipher", EVERYTHING]
                self.connect(server, suite, arguments, self.sizes(suite), f"Ciphersuite: {suite}\n")
                self.connect(server, f"{suite} without data", arguments, ())
                self.connect(server, f"{suite} in fragments of 512 bytes", [*arguments, "-max_send_frag", "512"])
        self.report(f"{len(suites)} suites of TLS 1.3")

    def groups(self):
        groups = default_groups()
        names = ":".join(name for name, _, _ in groups)
        with self.server("rsa", "-groups", names, "-cipher", EVERYTHING) as server:
            for name, least, most in groups:
                for version, option in (0x303, "-tls1_2"), (0x304, "-tls1_3"):
                    if least <= version and (not most or version <= most):
                        # In TLS 1.2 of OpenSSL 3.0 a finite field is not negotiated as a group.
                        if version == 0x303 and name.startswith("ffdhe"):
                            continue
                        self.connect(server, f"{name} in {option}", [option, "-groups", name, "-cipher",
                                                                     "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"],
                                     (1, 20_000), " Temp Key|Negotiated TLS1.3 group")
        self.report(f"{len(groups)} groups")

    def certificate_kinds(self):
        """Each kind of certificate, the server's and the client's."""
        for kind in KINDS:
            arguments = ["-Verify", "1", "-verify_return_error", "-cipher", EVERYTHING]
            with self.server(kind, *arguments) as server:
                for version in "-tls1_2", "-tls1_3":
                    if version == "-tls1_3" and kind == "dsa":
                        continue  # there is no DSA in TLS 1.3
                    self.connect(server, f"certificates: {kind}, {version}",
                                 [version, "-cert", self.certificates.certificate(kind), "-key",
                                  self.certificates.key(kind), "-verify_return_error", "-cipher", EVERYTHING],
                                 (1, 20_000), f"Peer certificate: CN ?= ?{kind}.test(.|\n)*Verification: OK")
                    if f"{kind}.test".encode() not in server.running.listen_to():
                        self.failures.append(f"certificates: {kind}, {version}: the server has seen none")
                    server.running.said = b""
        self.report(f"{len(KINDS)} kinds of certificates")

    def resumption(self):
        """A second connection with the session of the first: it goes without certificates."""
        session, messages = self.sides.path("session"), self.sides.path("messages")
        for version in "-tls1_2", "-tls1_3":
            for more in [], ["-no_ticket"]:
                what = f"resumption, {version} {' '.join(more)}"
                with self.server("rsa", version, *more) as server:
                    for role, wanted in ("-sess_out", True), ("-sess_in", False):
                        self.connect(server, what, [version, role, session, "-msg", "-msgfile", messages], (1, 20_000))
                        if (b", Certificate\n" in read(messages)) != wanted:
                            self.failures.append(f"{what}: certificates {'not ' if wanted else ''}sent with {role}")
        self.report("resumption")

    def key_update(self):
        messages = self.sides.path("messages")

        def update(letter):
            def give(client, _):
                client.process.stdin.write(letter)
                client.process.stdin.flush()
                client.wait_for(b"KEYUPDATE\n", "key update")
            return give

        with self.server("rsa", "-tls1_3") as server:
            for suite in self.suites("tls1_3"):
                # K asks the other side to change its keys, too.
                for letter, updates in (b"K\n", 2), (b"k\n", 1):
                    self.connect(server, f"key update {letter}, {suite}", ["-tls1_3", "-ciphersuites", suite, "-msg", "-msgfile",
                                                                         messages], (1, 5_000), before=update(letter))
                    if read(messages).count(b", KeyUpdate\n") != updates:
                        self.failures.append(f"{suite}: not {updates} key updates after {letter}")
        self.report("key update")

    def early_data(self):
        """0-RTT: data with the first message of a connection that resumes a session."""
        session, early = self.sides.path("early.session"), self.sides.path("early")
        for suite in self.suites("tls1_3"):
            with self.server("rsa", "-tls1_3", "-early_data", "-ciphersuites", suite) as server:
                for size in 1, 300, 16_000:
                    data = material(size)
                    with open(early, "wb") as out:
                        out.write(data)
                    # The server hands it out before anything else.
                    def arrives(_, running, data=data):
                        ready = selectors.DefaultSelector()
                        ready.register(running.process.stdout, selectors.EVENT_READ)
                        got, deadline = b"", time.monotonic() + SECONDS
                        while len(got) < len(data) and time.monotonic() < deadline:
                            if ready.select(0.2):
                                got += os.read(running.process.stdout.fileno(), 1 << 16)
                        if got != data:
                            raise Failure(f"{len(data)} bytes of early data sent, {len(got)} received, or other ones")

                    what = f"early data, {suite}, {size} bytes"
                    self.connect(server, what, ["-tls1_3", "-sess_out", session], (1, 5_000))
                    self.connect(server, what, ["-tls1_3", "-sess_in", session, "-early_data", early], (1, 5_000),
                                 before=arrives)
        self.report("early data")

    def datagrams(self):
        """DTLS 1.2, whose records carry their numbers: one suite of each kind of cipher."""
        for suite in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA256",
                      "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-CHACHA20-POLY1305", "DHE-RSA-AES128-CCM", "AES256-GCM-SHA384"):
            with self.server("rsa", "-dtls1_2", "-cipher", EVERYTHING) as server:
                self.connect(server, f"datagrams, {suite}", ["-dtls1_2", "-cipher", f"{suite}:@SECLEVEL=0"], (1, 1_000, 8_000),
                             f"Ciphersuite: {suite}\n")
        self.report("datagrams")

    def renegotiation(self):
        def again(client, _):
            client.process.stdin.write(b"R\n")
            client.process.stdin.flush()
            client.wait_for(b"RENEGOTIATING\n", "renegotiation")

        with self.server("rsa", "-tls1_2", "-client_renegotiation") as server:
            for suite in "ECDHE-RSA-AES256-GCM-SHA384", "DHE-RSA-AES128-SHA256":
                self.connect(server, f"renegotiation, {suite}", ["-tls1_2", "-cipher", suite], (1, 5_000),
                             before=again)
        self.report("renegotiation")

    def files(self):
        """Files by s_server's own file server, 0 bytes among them, to a client that reads until the end."""
        for name in SIZES + (LARGE, 0):
            with open(self.sides.path(f"{name}.file"), "wb") as out:
                out.write(material(name) if name else b"")
        for version in "-tls1_2", "-tls1_3":
            with self.server("rsa", version, "-WWW") as server:
                for size in SIZES + (LARGE, 0):
                    self.connections += 1
                    got = subprocess.run(
                        [provider.program("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-quiet", "-verify_quiet", "-CAfile",
                         self.certificates.certificate("ca")], input=f"GET /{size}.file HTTP/1.0\r\n\r\n".encode(),
                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.client_side, timeout=SECONDS, check=False).stdout
                    head, separator, body = got.partition(b"\r\n\r\n")
                    if b"200 ok" not in head or not separator or body != (material(size) if size else b""):
                        self.failures.append(f"file of {size} bytes, {version}: {len(body)} bytes came, or wrong ones: {head}")
        self.report("files")
    def report(self, what):
        print(f"wd as {self.wd_side}, {what}: {self.connections} connections so far, {len(self.failures)} failed",
              flush=True)

    def finish(self):
        sys.exit("\n".join(["FAILED:", *self.failures]) if self.failures else 0)


def main(wd_side):
    with provider.Sides() as sides:
        tls = Tls(sides, wd_side)
        for part in (tls.new_suites, tls.groups, tls.certificate_kinds, tls.resumption, tls.early_data, tls.key_update, tls.renegotiation,
                     tls.datagrams, tls.files, tls.old_suites):
            part()
        tls.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
