#!/usr/bin/env bash
# The provider on Debian 13, whose OpenSSL is 3.5: builds it in a tree made by debootstrap, and runs there
# OpenSSL's own tests, TLS and jobs. Needs root and debootstrap. The tree is kept.
#
#   debian13.sh FOLDER        where the tree is, or is made
set -euo pipefail
cd "$(dirname "$0")/../.."
tree=$(realpath -m "$1")
packages=g++,cmake,ninja-build,pkg-config,zlib1g-dev,libdeflate-dev,libssl-dev,libipsec-mb-dev,libgtest-dev,libisal-dev
packages+=,openssl,python3,python3-cryptography-vectors,dpkg-dev,xz-utils,binutils,curl,procps

if [[ ! -e $tree/complete ]]; then
  # The archive of Debian that this machine uses.
  # shellcheck disable=SC2016  # apt fills it in
  archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
  rm -rf "$tree"
  debootstrap --variant=minbase --include="$packages" trixie "$tree" "$archive"
  touch "$tree/complete"
fi

mounted=()
leave() { for at in "${mounted[@]}"; do umount "$at"; done; }
trap leave EXIT
for at in proc dev; do
  mount --bind "/$at" "$tree/$at"
  mounted+=("$tree/$at")
done

mkdir -p "$tree/src"
# The build folder in there is kept, so that a second run is short.
find "$tree/src" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
git ls-files -z | tar --null -T - -c | tar -x -C "$tree/src"

# shellcheck disable=SC2016  # expanded in there
chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 bash -euo pipefail -c '
cd /src
openssl version
cmake --preset release -DWD_BUILD_TESTS=ON -DWD_BUILD_BENCH=OFF >/dev/null
cmake --build --preset release --target wd_provider wd_crypto_ipsec_mb wdctl \
  wd-provider-jobs
export WD_PROVIDER=/src/build/release/lib/ossl-modules/wd.so
python3 tests/provider/evp_test/evp_test.py build/openssl
for side in server client; do python3 tests/provider/tls.py "$side"; done
python3 tests/provider/jobs/jobs.py build/release/bin/wd-provider-jobs
build/release/bin/wdctl calibrate /tmp/wd.conf
'
