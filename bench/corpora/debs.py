"""Debian packages, fetched by name and unpacked aside: nothing is installed."""

import hashlib
import lzma
import pathlib
import subprocess


class PackageUnavailable(Exception):
    """apt knows no such package, or could not fetch it."""


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


class Deb:
    """One package: its .deb in the cache, its unpacked tree, its payload as it was packed."""

    def __init__(self, name, path, tree):
        self.name = name
        self.path = path
        self.tree = tree

    def field(self, field):
        return _output(["dpkg-deb", "--field", str(self.path), field]).decode().strip()

    def facts(self):
        return {
            "package": self.name,
            "version": self.field("Version"),
            "architecture": self.field("Architecture"),
            "bytes": self.path.stat().st_size,
            "sha256": sha256_of(self.path),
        }

    def payload(self):
        """The compressed data member, as it lies in the archive; recompressed if it was not."""
        members = _output(["ar", "t", str(self.path)]).decode().split()
        member = next(name for name in members if name.startswith("data.tar"))
        payload = _output(["ar", "p", str(self.path), member])
        return payload if member != "data.tar" else lzma.compress(payload)


class DebCache:
    """A folder of packages. What is there is used again: a corpus must not change under a user."""

    def __init__(self, folder):
        self.debs = pathlib.Path(folder) / "debs"
        self.trees = pathlib.Path(folder) / "trees"
        self.debs.mkdir(parents=True, exist_ok=True)

    def get(self, name):
        path = self._cached(name) or self._download(name)
        tree = self.trees / name
        if not tree.is_dir():
            # Unpacked under another name first, so that an interrupted run leaves no half tree.
            unfinished = self.trees / (name + ".unfinished")
            unfinished.mkdir(parents=True, exist_ok=True)
            _output(["dpkg-deb", "--extract", str(path), str(unfinished)])
            unfinished.rename(tree)
        return Deb(name, path, tree)

    def _cached(self, name):
        return next(iter(sorted(self.debs.glob(name + "_*.deb"))), None)

    def _download(self, name):
        # As root apt changes to its own user, who may not write here: that is only worth a
        # warning to apt, and to nobody else.
        fetched = subprocess.run(
            ["apt-get", "-o", "APT::Sandbox::User=root", "-qq", "download", name],
            cwd=self.debs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        path = self._cached(name)
        if fetched.returncode != 0 or path is None:
            raise PackageUnavailable(
                f"apt-get cannot download '{name}' (package lists may be missing: "
                f"run apt-get update)\n{fetched.stdout.decode().strip()}")
        return path


def _output(command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
