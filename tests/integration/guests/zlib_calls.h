/* A walk over the zlib interface that prints what each call did: return codes, counters, checksums,
 * messages and a fingerprint of every decoded byte. Compressed sizes and bytes are left out, since
 * they differ from engine to engine, so the transcript must be the same with and without the shim.
 *
 * Z(name) is how a function of zlib is reached: by its name, unless the including file defines it
 * otherwise. */
#ifndef ZLIB_CALLS_H
#define ZLIB_CALLS_H

#include <stdarg.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"

#ifndef Z
#define Z(name) name
#endif

enum { TEXT_BYTES = 200000, CODED_BYTES = 300000 };

static const char* calls_of;
static unsigned char *text, *coded, *decoded;

__attribute__((format(printf, 1, 2))) static void say(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("%s: ", calls_of);
  vprintf(format, arguments);
  putchar('\n');
  va_end(arguments);
}

static void say_decoded(const char* what, int status, const z_stream* stream) {
  say("%s: %d, out %lu, adler %lx, message %s, bytes %016llx", what, status, stream->total_out,
      stream->adler, stream->msg ? stream->msg : "none",
      (unsigned long long)fingerprint(decoded, stream->total_out));
}

/* Compresses `length` bytes of the text in pieces, with a flush of each kind after some of them. */
static size_t deflate_in_pieces(z_stream* stream, size_t length) {
  static const int flushes[] = {Z_NO_FLUSH,   Z_SYNC_FLUSH, Z_PARTIAL_FLUSH,
                                Z_FULL_FLUSH, Z_BLOCK,      Z_NO_FLUSH};
  size_t at = 0, turn = 0;
  stream->next_out = coded;
  stream->avail_out = CODED_BYTES;
  while (at < length) {
    size_t piece = 1 + (turn * 7919) % 12000;
    if (piece > length - at) piece = length - at;
    stream->next_in = text + at;
    stream->avail_in = (uInt)piece;
    int status = Z(deflate)(stream, flushes[turn % 6]);
    CHECK(status == Z_OK && stream->avail_in == 0);
    at += piece;
    turn++;
  }
  /* The end through a small window of output, as programs with a buffer do it. */
  size_t produced = CODED_BYTES - stream->avail_out;
  int status;
  do {
    stream->next_out = coded + produced;
    stream->avail_out = 100;
    status = Z(deflate)(stream, Z_FINISH);
    produced += 100 - stream->avail_out;
  } while (status == Z_OK);
  say("deflated: %d, in %lu, out %d, adler %lx", status, stream->total_in,
      stream->total_out == produced, stream->adler);
  CHECK(Z(deflate)(stream, Z_FINISH) == Z_STREAM_END);
  return produced;
}

static int inflate_in_pieces(z_stream* stream, size_t length, size_t piece, int flush) {
  int status = Z_OK;
  stream->next_out = decoded;
  stream->avail_out = TEXT_BYTES;
  stream->next_in = coded;
  stream->avail_in = 0;
  size_t given = 0;
  while (status == Z_OK && given < length) {
    size_t count = piece < length - given ? piece : length - given;
    stream->avail_in += (uInt)count;
    given += count;
    do status = Z(inflate)(stream, flush);
    while (status == Z_OK && stream->avail_in);
  }
  return status;
}

static void streams_of_every_format(void) {
  static const struct {
    int deflate_bits, inflate_bits;
  } formats[] = {{15, 15}, {-15, -15}, {31, 31},   {15, 47}, {31, 47},
                 {15, 0},  {9, 15},    {-12, -12}, {25, 31}};
  for (size_t format = 0; format < sizeof formats / sizeof *formats; format++) {
    for (int level = 0; level <= 9; level += 3) {
      z_stream stream = {0};
      say("format %zu level %d", format, level);
      CHECK(Z(deflateInit2_)(&stream, level, Z_DEFLATED, formats[format].deflate_bits,
                             level ? level : 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                             sizeof stream) == Z_OK);
      CHECK(Z(deflateBound)(&stream, TEXT_BYTES) <= CODED_BYTES);
      size_t length = deflate_in_pieces(&stream, 60000);
      say("end %d", Z(deflateEnd)(&stream));
      memcpy(coded + length, "trailing", 8);
      stream = (z_stream){0};
      CHECK(Z(inflateInit2_)(&stream, formats[format].inflate_bits, ZLIB_VERSION, sizeof stream) ==
            Z_OK);
      int status =
          inflate_in_pieces(&stream, length + 8, 977, level < 5 ? Z_NO_FLUSH : Z_SYNC_FLUSH);
      say_decoded("inflated", status, &stream);
      say("consumed %d", stream.total_in == length);
      say("after the end %d", Z(inflate)(&stream, Z_NO_FLUSH));
      CHECK(memcmp(decoded, text, 60000) == 0);
      say("reset %d", Z(inflateReset)(&stream));
      status = inflate_in_pieces(&stream, length / 2, 5000, Z_NO_FLUSH);
      say("half: %d", status);
      say("end %d", Z(inflateEnd)(&stream));
    }
  }
}

static void parameters_changed_in_mid_stream(void) {
  static const int changes[][2] = {
      {0, 0}, {9, Z_FILTERED}, {6, Z_HUFFMAN_ONLY}, {1, Z_RLE}, {6, Z_DEFAULT_STRATEGY}};
  z_stream stream = {0};
  CHECK(Z(deflateInit_)(&stream, 1, ZLIB_VERSION, sizeof stream) == Z_OK);
  stream.next_out = coded;
  stream.avail_out = CODED_BYTES;
  for (size_t i = 0; i < 5; i++) {
    stream.next_in = text + i * 20000;
    stream.avail_in = 20000;
    say("params %d", Z(deflateParams)(&stream, changes[i][0], changes[i][1]));
    say("deflate %d", Z(deflate)(&stream, Z_NO_FLUSH));
  }
  z_stream copy = {0};
  say("copy %d", Z(deflateCopy)(&copy, &stream));
  say("end of the copied %d", Z(deflateEnd)(&stream));
  say("finish %d", Z(deflate)(&copy, Z_FINISH));
  size_t length = copy.total_out;
  say("end of the copy %d", Z(deflateEnd)(&copy));

  stream = (z_stream){0};
  CHECK(Z(inflateInit_)(&stream, ZLIB_VERSION, sizeof stream) == Z_OK);
  stream.next_in = coded;
  stream.avail_in = 100;
  stream.next_out = decoded;
  stream.avail_out = TEXT_BYTES;
  say("first bytes %d", Z(inflate)(&stream, Z_NO_FLUSH));
  say("copy %d", Z(inflateCopy)(&copy, &stream));
  say("end of the copied %d", Z(inflateEnd)(&stream));
  copy.avail_in = (uInt)(length - copy.total_in);
  int status = Z(inflate)(&copy, Z_FINISH);
  say_decoded("changed", status, &copy);
  say("end %d", Z(inflateEnd)(&copy));
}

static void dictionary_asked_for_and_given(void) {
  z_stream stream = {0};
  CHECK(Z(deflateInit2_)(&stream, 6, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                         sizeof stream) == Z_OK);
  int status = Z(deflateSetDictionary)(&stream, text + 500, 20000);
  say("dictionary %d, id %lx", status, stream.adler);
  size_t length = deflate_in_pieces(&stream, 50000);
  say("end %d", Z(deflateEnd)(&stream));
  stream = (z_stream){0};
  CHECK(Z(inflateInit_)(&stream, ZLIB_VERSION, sizeof stream) == Z_OK);
  stream.next_in = coded;
  stream.avail_in = (uInt)length;
  stream.next_out = decoded;
  stream.avail_out = TEXT_BYTES;
  status = Z(inflate)(&stream, Z_NO_FLUSH);
  say("inflate %d, id %lx", status, stream.adler);
  say("wrong dictionary %d", Z(inflateSetDictionary)(&stream, text, 20000));
  say("dictionary %d", Z(inflateSetDictionary)(&stream, text + 500, 20000));
  status = Z(inflate)(&stream, Z_FINISH);
  say_decoded("with dictionary", status, &stream);
  say("end %d", Z(inflateEnd)(&stream));
}

static void damage_found_and_left_behind(void) {
  z_stream stream = {0};
  CHECK(Z(deflateInit_)(&stream, 6, ZLIB_VERSION, sizeof stream) == Z_OK);
  stream.next_out = coded;
  stream.avail_out = CODED_BYTES;
  stream.next_in = text;
  stream.avail_in = 30000;
  CHECK(Z(deflate)(&stream, Z_FULL_FLUSH) == Z_OK);
  size_t point = stream.total_out;
  memset(coded + point, 0xff, 4); /* an impossible block type */
  stream.next_out += 4;
  stream.next_in = text + 30000;
  stream.avail_in = 30000;
  CHECK(Z(deflate)(&stream, Z_FULL_FLUSH) == Z_OK);
  stream.next_in = text + 60000;
  stream.avail_in = 30000;
  CHECK(Z(deflate)(&stream, Z_FINISH) == Z_STREAM_END);
  size_t length = stream.total_out + 4;
  say("end %d", Z(deflateEnd)(&stream));

  stream = (z_stream){0};
  CHECK(Z(inflateInit_)(&stream, ZLIB_VERSION, sizeof stream) == Z_OK);
  int status = inflate_in_pieces(&stream, length, length, Z_NO_FLUSH);
  say("damaged %d %s, out %lu", status, stream.msg ? stream.msg : "none", stream.total_out);
  say("again %d", Z(inflate)(&stream, Z_NO_FLUSH));
  say("sync %d", Z(inflateSync)(&stream));
  status = Z(inflate)(&stream, Z_FINISH);
  say("after sync %d %s, out %lu, bytes %016llx", status, stream.msg ? stream.msg : "none",
      stream.total_out,
      (unsigned long long)fingerprint(decoded, (size_t)(stream.next_out - decoded)));
  say("end %d", Z(inflateEnd)(&stream));
}

static void one_shots_and_checksums(void) {
  for (int level = -1; level <= 9; level++) {
    uLongf length = CODED_BYTES, bytes = TEXT_BYTES;
    int status = Z(compress2)(coded, &length, text, 70000 + (uLong)level, level);
    CHECK(length <= Z(compressBound)(70000 + (uLong)level));
    int back = Z(uncompress)(decoded, &bytes, coded, length);
    say("one shot %d %d %lu %016llx", status, back, bytes,
        (unsigned long long)fingerprint(decoded, bytes));
    bytes = 100;
    back = Z(uncompress)(decoded, &bytes, coded, length);
    say("no room %d %lu", back, bytes);
    bytes = TEXT_BYTES;
    back = Z(uncompress)(decoded, &bytes, coded, length - 5);
    say("cut short %d", back);
  }
  for (uInt length = 0; length < 70000; length = length * 3 + 1) {
    uLong crc = Z(crc32)(Z(crc32)(0, Z_NULL, 0), text, length);
    uLong adler = Z(adler32)(Z(adler32)(0, Z_NULL, 0), text, length);
    uLong more_crc = Z(crc32)(0, text + length, 100),
          more_adler = Z(adler32)(1, text + length, 100);
    say("sums of %u: %lx %lx %lx %lx", length, crc, adler, Z(crc32_combine)(crc, more_crc, 100),
        Z(adler32_combine)(adler, more_adler, 100));
  }
}

static void gz_files(void) {
  const char* directory = getenv("TMPDIR");
  char name[4096];
  snprintf(name, sizeof name, "%s/guest.XXXXXX", directory ? directory : "/tmp");
  int descriptor = mkstemp(name);
  CHECK(descriptor >= 0);
  CHECK(close(descriptor) == 0);
  gzFile file = Z(gzopen)(name, "wb6");
  CHECK(file);
  CHECK(Z(gzwrite)(file, text, TEXT_BYTES) == TEXT_BYTES);
  say("gzsetparams %d", Z(gzsetparams)(file, 1, Z_DEFAULT_STRATEGY));
  say("gzputs %d", Z(gzputs)(file, "a line\n"));
  say("gzflush %d", Z(gzflush)(file, Z_SYNC_FLUSH));
  say("gzclose %d", Z(gzclose)(file));
  file = Z(gzopen)(name, "ab9");
  CHECK(file && Z(gzwrite)(file, text, 5000) == 5000);
  say("gzclose of a second member %d", Z(gzclose)(file));
  file = Z(gzopen)(name, "rb");
  CHECK(file);
  int count = Z(gzread)(file, decoded, TEXT_BYTES);
  say("gzread %d %016llx", count, (unsigned long long)fingerprint(decoded, (size_t)count));
  char line[10];
  say("gzgets %s", Z(gzgets)(file, line, sizeof line));
  count = Z(gzread)(file, decoded, TEXT_BYTES);
  say("second member %d %016llx, eof %d", count,
      (unsigned long long)fingerprint(decoded, (size_t)count), Z(gzeof)(file));
  say("gzseek %ld", (long)Z(gzseek)(file, 12345, SEEK_SET));
  say("gzgetc %d", Z(gzgetc)(file));
  say("gzclose %d", Z(gzclose)(file));
  CHECK(unlink(name) == 0);
}

static void refused_calls(void) {
  z_stream stream = {0};
  say("no stream %d %d", Z(deflate)(NULL, Z_FINISH), Z(inflate)(NULL, Z_FINISH));
  say("no state %d %d %d %d", Z(deflate)(&stream, Z_FINISH), Z(inflate)(&stream, Z_FINISH),
      Z(deflateEnd)(&stream), Z(inflateEnd)(&stream));
  say("versions %d %d", Z(deflateInit_)(&stream, 6, "2.0", sizeof stream),
      Z(inflateInit_)(&stream, ZLIB_VERSION, 10));
  say("window %d", Z(deflateInit2_)(&stream, 6, Z_DEFLATED, 7, 8, 0, ZLIB_VERSION, sizeof stream));
}

/* All of it, signed by `who`. */
static void zlib_calls(const char* who) {
  calls_of = who;
  text = malloc(TEXT_BYTES);
  coded = malloc(CODED_BYTES);
  decoded = malloc(TEXT_BYTES);
  CHECK(text && coded && decoded);
  fill_text(text, TEXT_BYTES, 11);
  one_shots_and_checksums();
  streams_of_every_format();
  parameters_changed_in_mid_stream();
  dictionary_asked_for_and_given();
  damage_found_and_left_behind();
  gz_files();
  refused_calls();
  free(text);
  free(coded);
  free(decoded);
}

#endif
