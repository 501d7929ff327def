"""wd-provider-jobs: with what is measured to pay, and with everything in batches that two share; WD_STATS must show them.

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
        stats, conf = os.path.join(folder, "stats"), os.path.join(folder, "wd.conf")
        with open(conf, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("batch_min_bytes = 256\nbatch_min_depth = 2\n")
        subprocess.run([sys.argv[1]], check=True)
        subprocess.run([sys.argv[1]], env={**os.environ, "WD_CONF": conf, "WD_STATS": stats}, check=True)
        with open(stats, encoding="utf-8") as file:
            rows = [row for line in file for row in json.loads(line)["requests"]]
    batched = {row["algorithm"]: row["requests"] for row in rows if row["engine"] == "ipsec-mb"}
    print("batched:", batched)
    if not provider.batches():
        sys.exit("batches on a CPU that is none for them" if batched else 0)
    missing = [kind for kind in KINDS if batched.get(kind, 0) < 10]
    if missing:
        sys.exit(f"hardly any batch of: {', '.join(missing)}")


main()
