# shellcheck shell=bash disable=SC2016,SC2034,SC2154
title="perl: IO::Uncompress::Gunzip"

prepare() { pigz -c "$scratch/everything" >"$work/in.gz"; }

run() {
  /usr/bin/perl -MIO::Uncompress::Gunzip=gunzip,\$GunzipError -e '
    gunzip $ARGV[0] => $ARGV[1], BinModeOut => 1 or die $GunzipError' "$work/in.gz" "$out"
}

result() { cat "$out"; }
expected() { cat "$scratch/everything"; }
