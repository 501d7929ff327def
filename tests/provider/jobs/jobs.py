"""wd-provider-jobs, and that its messages were batched: WD_STATS must show them.

    jobs.py PROGRAM
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import provider  # noqa: E402

KINDS = ("aes-cbc", "sha1", "sha2", "hmac")


def main():
    with tempfile.TemporaryDirectory() as folder:
        stats = os.path.join(folder, "stats")
        subprocess.run([sys.argv[1]], env={**os.environ, "WD_STATS": stats}, check=True)
        with open(stats) as file:
            rows = [row for line in file for row in json.loads(line)["requests"]]
    batched = {row["algorithm"]: row["requests"] for row in rows if row["engine"] == "ipsec-mb"}
    print("batched:", batched)
    if not provider.batches():
        sys.exit(0 if not batched else "batches on a CPU that is none for them")
    missing = [kind for kind in KINDS if batched.get(kind, 0) < 10]
    if missing:
        sys.exit(f"hardly any batch of: {', '.join(missing)}")


main()
