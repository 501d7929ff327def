/* The ways in which the memory tests use a stream, and the streams they make. */
#ifndef MEMORY_USES_H
#define MEMORY_USES_H

#include <zlib.h>

#include "check.h"

enum { INPUT_BYTES = 150000, OUTPUT_BYTES = INPUT_BYTES + 20000 };

enum use { AT_ONCE, AT_ONCE_SHORT, NOTHING, SMALL_PIECES, LARGE_PIECES, NO_ROOM, USES };
static const char* const use_names[USES] = {"at once",      "at once, short", "nothing",
                                            "small pieces", "large pieces",   "no room"};

static unsigned char input[INPUT_BYTES], output[OUTPUT_BYTES], restored[INPUT_BYTES];

/* Gives `length` bytes from `from` to a stream by deflate or inflate, in the way of `use`. */
static inline void feed(z_stream* stream, int (*step)(z_stream*, int), unsigned char* from,
                        size_t length, unsigned char* to, size_t room, enum use use) {
  size_t piece = use == SMALL_PIECES    ? 512
                 : use == LARGE_PIECES  ? 40000
                 : use == AT_ONCE_SHORT ? 700
                                        : length;
  size_t given = 0;
  int status = Z_OK;
  if (use == AT_ONCE_SHORT && length > 700) length = 700;
  stream->next_in = from;
  stream->avail_in = 0;
  stream->next_out = to;
  stream->avail_out = use == NO_ROOM ? 1000 : (uInt)room;
  if (use == NOTHING) {
    /* The end of an empty stream, a few bytes at a time: what is sure not to fit. */
    do {
      stream->avail_out = 10;
      status = step(stream, Z_FINISH);
    } while (status == Z_OK);
    CHECK(status == (step == deflate ? Z_STREAM_END : Z_BUF_ERROR));
    return;
  }
  while (given < length) {
    size_t count = piece < length - given ? piece : length - given;
    given += count;
    stream->avail_in += (uInt)count;
    int flush = given == length ? Z_FINISH : Z_NO_FLUSH;
    while ((status = step(stream, flush)) == Z_OK &&
           (stream->avail_in || (flush == Z_FINISH && use == NO_ROOM))) {
      if (use == NO_ROOM) stream->avail_out = 1000;
    }
    while (use == NO_ROOM && status == Z_BUF_ERROR && stream->next_out + 1000 <= to + room) {
      stream->avail_out = 1000;
      status = step(stream, flush);
    }
  }
  CHECK(use == AT_ONCE_SHORT || status == Z_STREAM_END);
}

/* A compressed input for the inflaters: made once, before anything is counted. */
static inline size_t compressed_input(unsigned char* to, size_t room, int window_bits) {
  z_stream stream = {0};
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = input;
  stream.avail_in = INPUT_BYTES;
  stream.next_out = to;
  stream.avail_out = (uInt)room;
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  CHECK(deflateEnd(&stream) == Z_OK);
  return stream.total_out;
}

#endif
