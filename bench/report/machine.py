"""What a report says about where it was measured: no names and no paths, only what matters."""

import os
import platform
import subprocess

# Debian packages whose versions decide the figures.
PACKAGES = ("zlib1g", "libdeflate0", "libisal2", "libzstd1", "libc6", "libssl3",
            "libipsec-mb1")


def cpu_model():
    """As /proc/cpuinfo names it; arm64 gives numbers only, lscpu knows their names."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    lscpu = subprocess.run(["lscpu"], stdout=subprocess.PIPE, check=False).stdout.decode()
    names = [line.split(":", 1)[1].strip() for line in lscpu.splitlines()
             if line.startswith("Model name")]
    return names[0] if names else "unknown"


def system_name():
    with open("/etc/os-release", encoding="utf-8") as file:
        fields = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    return fields.get("PRETTY_NAME", "unknown").strip('"')


def package_versions():
    query = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *PACKAGES],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return dict(line.split(" ", 1) for line in query.stdout.decode().splitlines())


def facts():
    return {
        "cpu": cpu_model(),
        "cpus": os.cpu_count(),
        "architecture": platform.machine(),
        "kernel": platform.release(),
        "system": system_name(),
        "packages": package_versions(),
    }
