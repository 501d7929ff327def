# shellcheck shell=bash disable=SC2034,SC2154
title="git add, Perl's modules"

prepare() { add_all "$work/expected"; }

add_all() {
  git init -q "$1"
  git --git-dir="$1/.git" --work-tree="$sample_tree" add --all
}

run() { add_all "$out"; }

tree_of() { git -C "$1" write-tree && git -C "$1" fsck --full 2>&1; }
result() { tree_of "$out"; }
expected() { tree_of "$work/expected"; }
output_bytes() {
  find "$out/.git/objects" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'
}
