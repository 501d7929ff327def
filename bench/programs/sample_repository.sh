# shellcheck shell=bash disable=SC2154
# A git repository with one commit of some thousand source files, for the cases that need one.

sample_tree=$corpora/trees/perl-modules-5.36

make_sample_repository() {
  git init -q "$1"
  cp -r "$sample_tree/." "$1"
  git -C "$1" add --all
  git -C "$1" -c user.name=bench -c user.email=bench@localhost commit -qm all
}
