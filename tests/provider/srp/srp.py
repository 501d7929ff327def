"""SRP between wd and default. usage: srp.py wd-provider-srp     (environment: WD_PROVIDER)"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import provider  # noqa: E402
from certificates import Certificates  # noqa: E402

with provider.Sides() as sides:
    folder = Certificates(sides, ("rsa", "dsa")).directory
    sys.exit(subprocess.run(sys.argv[1:], env=dict(sides.stock, WD_CERTIFICATES=folder), check=False).returncode)
