"""nginx with two forked workers and curl, over TLS, one of them with only wd loaded, the other on stock OpenSSL.

nginx loads providers before it forks, and gives its workers no environment but what is named in its configuration. Files
of 0 B to 10 MB are compared byte for byte, over new and over kept connections, until each worker has served, and again
after nginx has been told to read its configuration anew. Environment: WD_PROVIDER.
"""
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time

import provider
from certificates import Certificates

SIZES = (0, 1, 1_000, 16_384, 16_385, 1_000_000, 10_000_000)
TLS = (["--tlsv1.3", "--tls13-ciphers", "TLS_AES_128_GCM_SHA256"], ["--tlsv1.3", "--tls13-ciphers", "TLS_AES_256_GCM_SHA384"],
       ["--tlsv1.3", "--tls13-ciphers", "TLS_CHACHA20_POLY1305_SHA256"],
       *(["--tls-max", "1.2", "--ciphers", suite] for suite in (
           "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", "AES128-SHA256")))

CONFIGURATION = """
daemon off;
worker_processes 2;
{user}
env OPENSSL_CONF;
error_log {directory}/error.log warn;
pid {directory}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    ssl_certificate {certificates}/rsa.pem;
    ssl_certificate_key {certificates}/rsa.key;
    ssl_certificate {certificates}/p256.pem;
    ssl_certificate_key {certificates}/p256.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ALL;
    ssl_session_cache shared:sessions:1m;
    server {{
        listen 127.0.0.1:{port} ssl http2 reuseport;
        add_header X-Worker $pid always;
        location / {{ root {directory}/files; }}
    }}
}}
"""


class Nginx:
    """A running nginx; stopped at the end of the with block."""

    def __init__(self, sides, certificates, environment):
        self.sides, self.environment = sides, environment
        self.log = sides.path("error.log")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with open(sides.path("nginx.conf"), "w", encoding="ascii") as out:
            out.write(CONFIGURATION.format(directory=sides.directory, certificates=certificates.directory, port=self.port,
                                           user="user root;" if os.geteuid() == 0 else ""))

    def __enter__(self):
        open(self.log, "w", encoding="ascii").close()
        self.process = subprocess.Popen([provider.program("nginx"), "-p", self.sides.directory, "-e", self.log, "-c",
                                         self.sides.path("nginx.conf")], env=self.environment)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    sys.exit("nginx does not start:\n" + self.logged())
                time.sleep(0.02)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def logged(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def workers(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return {int(word) for word in file.read().split()}

    def renew(self):
        """Has nginx read its configuration anew, and waits until all workers are new ones."""
        old = self.workers()
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while old & self.workers() or len(self.workers()) != 2:
            if time.monotonic() > deadline:
                sys.exit("nginx keeps its old workers:\n" + self.logged())
            time.sleep(0.02)


class Downloads:
    """curl's, of files that it makes."""

    def __init__(self, sides, certificates, nginx, environment):
        self.sides, self.nginx, self.environment = sides, nginx, environment
        self.authority = certificates.certificate("ca")
        self.number = 0

    def get(self, sizes, arguments):
        """Files over one connection; the process that has served them."""
        command = [provider.program("curl"), "-sS", "--fail", "--max-time", "60", "--cacert", self.authority, "-D",
                   self.sides.path("head"), *arguments]
        for size in sizes:
            command += ["-o", self.sides.path(f"got.{size}"), f"https://127.0.0.1:{self.nginx.port}/{size}"]
            # curl makes no file of an empty answer.
            open(self.sides.path(f"got.{size}"), "wb").close()
        provider.run(command, self.environment)
        for size in sizes:
            if read(self.sides.path(f"got.{size}")) != read(self.sides.path(f"files/{size}")):
                sys.exit(f"{size} bytes, {arguments}: not what they should be")
        self.number += len(sizes)
        return int(re.search(rb"x-worker: (\d+)", read(self.sides.path("head")).lower()).group(1))

    def everything(self):
        for arguments in TLS:
            self.get(SIZES, arguments)
            self.get(SIZES, [*arguments, "--http1.1"])
        served, deadline = set(), time.monotonic() + 60
        while served != self.nginx.workers():
            served.add(self.get((1_000,), []))
            if time.monotonic() > deadline:
                sys.exit(f"of the workers {self.nginx.workers()} only {served} have served")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def expect_module(nginx, wanted):
    for pid in {nginx.process.pid, *nginx.workers()}:
        if provider.loaded_by(pid) != wanted:
            sys.exit(f"nginx's process {pid} has wd {'not ' if wanted else ''}loaded")


def main():
    with provider.Sides() as sides:
        certificates = Certificates(sides, ("rsa", "p256"))
        os.mkdir(sides.path("files"))
        for size in SIZES:
            with open(sides.path(f"files/{size}"), "wb") as out:
                out.write(random.Random(size).randbytes(size))
        for server, client in (sides.alone, sides.stock), (sides.stock, sides.alone):
            with Nginx(sides, certificates, server) as nginx:
                downloads = Downloads(sides, certificates, nginx, client)
                for renewed in False, True:
                    if renewed:
                        nginx.renew()
                    expect_module(nginx, server is sides.alone)
                    downloads.everything()
            if nginx.process.returncode != 0 or nginx.logged():
                sys.exit(f"nginx ended with {nginx.process.returncode}:\n{nginx.logged()}")
            print(f"wd in {'nginx' if server is sides.alone else 'curl'}: {downloads.number} files as they should be", flush=True)


if __name__ == "__main__":
    main()
