# shellcheck shell=bash disable=SC2034,SC2154
title="git gc, Perl's modules"

prepare() { make_sample_repository "$work/repository"; }
before() { cp -r "$work/repository/.git" "$out"; }
run() { git --git-dir="$out" -c pack.threads=1 gc --quiet; }

tree_of() {
  git --git-dir="$1" rev-parse 'HEAD^{tree}' && git --git-dir="$1" fsck --full 2>/dev/null
}
result() { tree_of "$out"; }
expected() { tree_of "$work/repository/.git"; }
output_bytes() { find "$out/objects" -name '*.pack' -printf '%s\n'; }
