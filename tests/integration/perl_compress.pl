#!/usr/bin/perl
# What perl's compression modules do, as a transcript: return codes, messages, counters, checksums and a digest of
# every decoded byte, but no compressed size and no compressed byte, which may differ from engine to engine.
use strict;
use warnings;
use Compress::Raw::Zlib qw(:DEFAULT);
use Compress::Zlib ();
use Digest::SHA qw(sha1_hex);
use IO::Compress::Deflate qw($DeflateError);
use IO::Compress::Gzip qw($GzipError);
use IO::Compress::RawDeflate qw($RawDeflateError);
use IO::Compress::Zip qw($ZipError :constants);
use IO::Uncompress::AnyInflate qw($AnyInflateError);
use IO::Uncompress::Gunzip qw($GunzipError);
use IO::Uncompress::Inflate qw($InflateError);
use IO::Uncompress::RawInflate qw($RawInflateError);
use IO::Uncompress::Unzip qw($UnzipError);

my ($corpus_path, $directory) = @ARGV;
my $text = do { local $/; open my $in, '<:raw', $corpus_path or die $!; <$in> };
my $noise = join '', map { pack 'N', ($_ * 2654435761) & 0xffffffff } 1 .. 5000;
my %input = (text => $text, noise => $noise, empty => '', byte => 'x', runs => 'ab' x 100_000);

sub say_all { print join(' ', map { defined $_ ? "$_" : 'undef' } @_), "\n" }
sub status { my ($status) = @_; return $status + 0 . "(" . $status . ")" }

# Feeds a compressed string in pieces; returns what came out and the last status.
sub inflate_in_pieces {
  my ($stream, $compressed, $piece) = @_;
  my ($out, $status) = ('', Z_OK);
  for (my $at = 0; $at < length $compressed && $status == Z_OK; $at += $piece) {
    my $part = substr $compressed, $at, $piece;
    my $decoded;
    $status = $stream->inflate($part, $decoded);
    $out .= $decoded if defined $decoded;
    if ($status == Z_STREAM_END && length $part) {
      say_all '  left in place', length $part;
    }
  }
  return ($out, $status);
}

# Every window, memory level, level and strategy; input in pieces; flushes between.
my %format = (zlib => 1, raw => -1, gzip => 16);
for my $name (sort keys %format) {
  for my $window (9, 12, 15) {
    for my $level (0, 1, 6, 9) {
      for my $strategy (Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED) {
        my $bits = $name eq 'raw' ? -$window : $name eq 'gzip' ? WANT_GZIP | $window : $window;
        my ($deflate, $status) = Compress::Raw::Zlib::Deflate->new(
          -Level => $level, -WindowBits => $bits, -Strategy => $strategy, -MemLevel => 1 + $window % 9, -AppendOutput => 1,
          -CRC32 => 1, -ADLER32 => 1);
        my $compressed = '';
        my $at = 0;
        for my $flush (Z_NO_FLUSH, Z_SYNC_FLUSH, Z_PARTIAL_FLUSH, Z_FULL_FLUSH, Z_BLOCK) {
          my $part = substr $text, $at, 9_001;
          $at += length $part;
          $status = $deflate->deflate($part, $compressed);
          $status = $deflate->flush($compressed, $flush) if $flush != Z_NO_FLUSH;
          die "$name $window $level: $status" if $status != Z_OK;
        }
        say_all $name, $window, $level, $strategy, status($deflate->flush($compressed)), $deflate->total_in,
          $deflate->total_out == length $compressed ? 'total_out' : 'TOTAL_OUT', $deflate->adler32, $deflate->crc32;
        my ($inflate) = Compress::Raw::Zlib::Inflate->new(
          -WindowBits => $name eq 'zlib' ? WANT_GZIP_OR_ZLIB : $bits, -AppendOutput => 1, -ConsumeInput => 1, -ADLER32 => 1);
        my ($out, $end) = inflate_in_pieces($inflate, $compressed . 'trailing', 1_000);
        say_all '  ', status($end), $out eq substr($text, 0, 5 * 9_001) ? 'same' : 'DIFFERENT', $inflate->total_out,
          $inflate->total_in == length $compressed ? 'total_in' : 'TOTAL_IN', $inflate->adler32;
      }
    }
  }
}

# deflateParams in mid-stream, deflateTune, deflateReset and use again.
{
  my ($deflate) = Compress::Raw::Zlib::Deflate->new(-AppendOutput => 1, -Level => 1);
  my $compressed = '';
  for my $change ([0, Z_DEFAULT_STRATEGY], [9, Z_FILTERED], [6, Z_HUFFMAN_ONLY], [1, Z_DEFAULT_STRATEGY], [6, Z_RLE]) {
    $deflate->deflate(substr($text, 0, 20_000), $compressed);
    say_all 'params', status($deflate->deflateParams(-Level => $change->[0], -Strategy => $change->[1])),
      $deflate->get_Level, $deflate->get_Strategy;
  }
  say_all 'tune', status($deflate->deflateTune(8, 16, 32, 64));
  $deflate->deflate($noise, $compressed);
  say_all 'flush', status($deflate->flush($compressed));
  say_all 'round', sha1_hex(Compress::Zlib::uncompress($compressed));
  say_all 'reset', status($deflate->deflateReset);
  my $again = '';
  $deflate->deflate($text, $again);
  $deflate->flush($again);
  say_all 'again', Compress::Zlib::uncompress($again) eq $text ? 'same' : 'DIFFERENT';
}

# Dictionaries: asked for by the stream, wrong ones refused.
for my $bits (15, -15) {
  my $dictionary = substr $text, 3_000, 8_000;
  my ($deflate) = Compress::Raw::Zlib::Deflate->new(-Dictionary => $dictionary, -WindowBits => $bits, -AppendOutput => 1);
  my $compressed = '';
  $deflate->deflate($text, $compressed);
  $deflate->flush($compressed);
  say_all 'dictionary', $deflate->dict_adler;
  # A raw stream names no dictionary: what a wrong one does to it depends on what the compressor found in it.
  for my $given ($dictionary, $bits > 0 ? substr($dictionary, 1) : ()) {
    my ($inflate) = Compress::Raw::Zlib::Inflate->new(-Dictionary => $given, -WindowBits => $bits, -AppendOutput => 1);
    my $copy = $compressed;
    my $out = '';
    my $status = $inflate->inflate($copy, $out);
    say_all '  ', status($status), $status == Z_STREAM_END && $given eq $dictionary ? $out eq $text : '', $inflate->msg,
      $inflate->dict_adler;
  }
}

# inflateSync over a damaged part, from one full flush to the next; inflateReset.
{
  my ($deflate) = Compress::Raw::Zlib::Deflate->new(-AppendOutput => 1);
  my @parts;
  for my $number (0 .. 2) {
    my $part = '';
    $deflate->deflate(substr($text, $number * 10_000, 10_000), $part);
    $deflate->flush($part, $number < 2 ? Z_FULL_FLUSH : Z_FINISH);
    push @parts, $part;
  }
  # Damage that is an error at once: an impossible block type at the head of the second part.
  my $damaged = $parts[0] . "\xff\xff\xff\xff" . $parts[1] . $parts[2];
  my ($inflate) = Compress::Raw::Zlib::Inflate->new(-AppendOutput => 1, -ConsumeInput => 1);
  my $out = '';
  my $status = $inflate->inflate($damaged, $out);
  say_all 'damaged', status($status), $inflate->msg, sha1_hex($out);
  say_all '  sync', status($inflate->inflateSync($damaged));
  $status = $inflate->inflate($damaged, $out);
  say_all '  after sync', status($status), $inflate->inflateCount, sha1_hex($out), $inflate->total_out;
  say_all '  reset', status($inflate->inflateReset), $inflate->total_out;
  $out = '';
  my $whole = join '', @parts;
  say_all '  again', status($inflate->inflate($whole, $out)), sha1_hex($out);
}

# Prime, by the way IO::Compress appends to a stream whose last byte is not full (Merge).
for my $module (qw(Gzip Deflate RawDeflate)) {
  my $file = "$directory/merge.$module";
  unlink $file;
  for my $number (1 .. 5) {
    my $compress = "IO::Compress::$module"->new($file, -Merge => 1) or die "$module merge";
    $compress->print(substr $text, 0, 777 * $number);
    $compress->close or die;
  }
  my $uncompress = "IO::Uncompress::AnyInflate"->new($file, -RawInflate => 1) or die $AnyInflateError;
  local $/;
  my $out = <$uncompress>;
  say_all 'merge', $module, length $out, sha1_hex($out);
}

# The high-level modules, whole and line by line, with header fields of every kind.
for my $name (sort keys %input) {
  my $data = $input{$name};
  for my $level (0, 1, 6, 9) {
    my ($gzip, $zip, $deflate, $raw, $out);
    IO::Compress::Gzip::gzip(\$data => \$gzip, -Level => $level, -Name => 'name', -Comment => 'comment', -HeaderCRC => 1,
      -ExtraField => [ab => 'extra'], -Time => 1_700_000_000) or die $GzipError;
    my $gunzip = IO::Uncompress::Gunzip->new(\$gzip, -Strict => 1) or die $GunzipError;
    my $header = $gunzip->getHeaderInfo;
    $out = join '', $gunzip->getlines;
    say_all 'gzip', $name, $level, $out eq $data ? 'same' : 'DIFFERENT', $header->{Name}, $header->{Comment}, $header->{Time},
      $gunzip->error;
    IO::Compress::Zip::zip(\$data => \$zip, -Method => ZIP_CM_DEFLATE, -Level => $level, -Name => 'member') or die $ZipError;
    IO::Uncompress::Unzip::unzip(\$zip => \$out) or die $UnzipError;
    say_all '  zip', $out eq $data ? 'same' : 'DIFFERENT';
    IO::Compress::Deflate::deflate(\$data => \$deflate, -Level => $level) or die $DeflateError;
    IO::Uncompress::Inflate::inflate(\$deflate => \$out) or die $InflateError;
    say_all '  deflate', $out eq $data ? 'same' : 'DIFFERENT';
    IO::Compress::RawDeflate::rawdeflate(\$data => \$raw, -Level => $level) or die $RawDeflateError;
    IO::Uncompress::RawInflate::rawinflate(\$raw => \$out) or die $RawInflateError;
    say_all '  raw', $out eq $data ? 'same' : 'DIFFERENT';

    # Members one after the other, then garbage.
    my $members = $gzip . $gzip . 'garbage';
    my $bytes = '';
    my $multi = IO::Uncompress::Gunzip->new(\$members, -MultiStream => 1) or die $GunzipError;
    while (1) {
      my $got = $multi->read(my $part, 4_096);
      $bytes .= $part if $got > 0;
      last if $got <= 0;
    }
    say_all '  members', length $bytes, sha1_hex($bytes), sha1_hex($multi->trailingData // '');

    # Damage: cut short, and one bit turned in each of a few places.
    next if $name ne 'noise' || $level;
    for my $length (0, 1, 9, 10, 11, length($gzip) - 9, length($gzip) - 8, length($gzip) - 1) {
      my $cut = substr $gzip, 0, $length;
      my $ok = IO::Uncompress::Gunzip::gunzip(\$cut => \$out);
      say_all '  cut', $length, $ok ? sha1_hex($out) : $GunzipError;
    }
    for my $at (0, 2, 3, length($gzip) - 8, length($gzip) - 1) {
      my $turned = $gzip;
      substr($turned, $at, 1) ^= "\x40";
      my $ok = IO::Uncompress::Gunzip::gunzip(\$turned => \$out, -Strict => 1);
      say_all '  turned', $at, $ok ? 'read' : $GunzipError;
    }
  }
}

# Compress::Zlib: its one-shots and the gz layer in perl.
for my $name (sort keys %input) {
  my $data = $input{$name};
  say_all 'compress', $name, Compress::Zlib::uncompress(Compress::Zlib::compress($data)) eq $data ? 'same' : 'DIFFERENT',
    (Compress::Zlib::memGunzip(Compress::Zlib::memGzip($data)) // '') eq $data ? 'same' : 'DIFFERENT';
  my $file = "$directory/compress_zlib.gz";
  my $gz = Compress::Zlib::gzopen($file, 'wb9') or die;
  $gz->gzwrite($data) if length $data;
  $gz->gzsetparams(1, Z_DEFAULT_STRATEGY);
  $gz->gzwrite($data) if length $data;
  $gz->gzclose;
  $gz = Compress::Zlib::gzopen($file, 'rb') or die;
  my ($lines, $line, $bytes) = (0, '', '');
  while ($gz->gzreadline($line) > 0) { $lines++; $bytes .= $line }
  say_all '  gz', $lines, sha1_hex($bytes), $gz->gzeof, $gz->gzerror + 0;
  $gz->gzclose;
}

# Checksums: any length and start, in pieces, and put together from the sums of two halves.
for my $length (0, 1, 2, 15, 16, 17, 63, 64, 65, 255, 4_096, 5_552, 5_553, 65_521, 100_000) {
  my $data = substr $text, 0, $length;
  my ($head, $tail) = (substr($data, 0, int($length / 3)), substr($data, int($length / 3)));
  my ($crc, $adler) = (crc32($data), adler32($data));
  say_all 'sums', $length, $crc, $adler, crc32($tail, crc32($head)) == $crc ? 'same' : 'DIFFERENT',
    adler32($tail, adler32($head)) == $adler ? 'same' : 'DIFFERENT',
    Compress::Raw::Zlib::crc32_combine(crc32($head), crc32($tail), length $tail),
    Compress::Raw::Zlib::adler32_combine(adler32($head), adler32($tail), length $tail);
}

# What must be refused.
for my $options ([-WindowBits => 16], [-WindowBits => 7], [-MemLevel => 10], [-Level => 10], [-Strategy => 9]) {
  my ($stream, $status) = Compress::Raw::Zlib::Deflate->new(@$options);
  say_all 'refused', @$options, defined $stream ? 'made' : 'none', status($status);
}
say_all 'version', Compress::Raw::Zlib::zlib_version(), Compress::Raw::Zlib::zlibCompileFlags();
