# shellcheck shell=bash disable=SC2034,SC2154
title="git archive --format=tar.gz, Perl's modules"

prepare() {
  make_sample_repository "$work/repository"
  git -C "$work/repository" gc --quiet
}

run() { git -C "$work/repository" archive --format=tar.gz -o "$out" HEAD; }
result() { gzip -dc "$out"; }
expected() { git -C "$work/repository" archive --format=tar HEAD; }
output_bytes() { stat -c %s "$out"; }
