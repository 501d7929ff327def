# shellcheck shell=bash disable=SC2034,SC2154
title="pigz -p2, text"

prepare() { :; }
run() { pigz -p2 -c "$scratch/text" >"$out"; }
result() { gzip -dc "$out"; }
expected() { cat "$scratch/text"; }
output_bytes() { stat -c %s "$out"; }
