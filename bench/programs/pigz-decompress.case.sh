# shellcheck shell=bash disable=SC2034,SC2154
title="pigz -d -p2"

prepare() { pigz -c "$scratch/everything" >"$work/in.gz"; }
run() { pigz -d -p2 -c "$work/in.gz" >"$out"; }
result() { cat "$out"; }
expected() { cat "$scratch/everything"; }
