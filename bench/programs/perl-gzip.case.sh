# shellcheck shell=bash disable=SC2016,SC2034,SC2154
title="perl: Compress::Zlib::memGzip, programs"

prepare() { :; }

run() {
  /usr/bin/perl -MCompress::Zlib -e '
    local $/; open my $in, "<:raw", $ARGV[0] or die; my $content = <$in>;
    open my $out, ">:raw", $ARGV[1] or die; print $out Compress::Zlib::memGzip($content)' \
    "$scratch/binary" "$out"
}

result() { gzip -dc "$out"; }
expected() { cat "$scratch/binary"; }
output_bytes() { stat -c %s "$out"; }
