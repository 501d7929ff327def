# shellcheck shell=bash disable=SC2034,SC2154
title="python3: tarfile, unpacking .tar.gz"

prepare() { tar -C "$corpora/trees" --sort=name -cf - perl-modules-5.36 | pigz >"$work/in.tar.gz"; }

run() { /usr/bin/python3 -m tarfile -e "$work/in.tar.gz" "$out"; }

contents() { (cd "$1" && find . -type f | sort | xargs -d '\n' sha256sum); }
result() { contents "$out/perl-modules-5.36"; }
expected() { contents "$corpora/trees/perl-modules-5.36"; }
