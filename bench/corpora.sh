#!/usr/bin/env bash
# Makes the benchmark corpora out of named Debian packages; prints the folder that holds them.
# A second run finds them there. WD_CORPORA names the folder, build/corpora by default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${WD_CORPORA:-$here/../build/corpora}

# ar is binutils', and apt-get and dpkg-deb are Debian's: say what is missing, not a traceback.
for tool in /usr/bin/python3 apt-get dpkg-deb ar; do
  command -v "$tool" >/dev/null || {
    echo "corpora: $tool is needed and not there" >&2
    exit 2
  }
done

mkdir -p "$folder"
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/corpora/make.py" "$folder"
cd "$folder" && pwd
