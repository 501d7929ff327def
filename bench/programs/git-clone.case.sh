# shellcheck shell=bash disable=SC2034,SC2154
title="git clone --no-local, Perl's modules"

prepare() { make_sample_repository "$work/repository"; }
run() { git -c protocol.file.allow=always clone -q --no-local "$work/repository" "$out"; }

contents() { git -C "$1" rev-parse HEAD && git -C "$1" status --short; }
result() { contents "$out" && git -C "$out" fsck --full 2>/dev/null; }
expected() { contents "$work/repository" && git -C "$work/repository" fsck --full 2>/dev/null; }
output_bytes() { find "$out/.git/objects" -name '*.pack' -printf '%s\n'; }
