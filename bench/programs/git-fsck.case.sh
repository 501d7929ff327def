# shellcheck shell=bash disable=SC2034,SC2154
title="git fsck --full, Perl's modules"

prepare() { make_sample_repository "$work/repository"; }
run() { git -C "$work/repository" fsck --full --no-progress >"$out" 2>&1; }
result() { cat "$out"; }
expected() { git -C "$work/repository" fsck --full --no-progress 2>&1; }
