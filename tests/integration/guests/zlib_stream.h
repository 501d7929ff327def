/* One compressed stream that can be carried through any stage of a process's life, a piece at a
 * time. */
#ifndef ZLIB_STREAM_H
#define ZLIB_STREAM_H

#include <zlib.h>

#include "check.h"

enum { STREAM_BYTES = 120000, STREAM_PIECE = 10000 };

struct stream_pair {
  z_stream out, in;
  size_t deflated;
  unsigned char text[STREAM_BYTES], coded[STREAM_BYTES + 5000], decoded[STREAM_BYTES];
};

static inline void stream_begin(struct stream_pair* pair, uint32_t seed) {
  memset(pair, 0, sizeof *pair);
  fill_text(pair->text, STREAM_BYTES, seed);
  CHECK(deflateInit2(&pair->out, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  CHECK(inflateInit2(&pair->in, 47) == Z_OK);
  pair->out.next_in = pair->text;
  pair->out.next_out = pair->coded;
  pair->out.avail_out = sizeof pair->coded;
  pair->in.next_in = pair->coded;
  pair->in.next_out = pair->decoded;
  pair->in.avail_out = STREAM_BYTES;
}

/* One piece through deflate, and what came of it through inflate: two calls. */
static inline void stream_step(struct stream_pair* pair) {
  pair->out.avail_in = STREAM_PIECE;
  CHECK(deflate(&pair->out, Z_SYNC_FLUSH) == Z_OK && pair->out.avail_in == 0);
  pair->deflated += STREAM_PIECE;
  pair->in.avail_in = (uInt)(pair->out.total_out - pair->in.total_in);
  CHECK(inflate(&pair->in, Z_SYNC_FLUSH) == Z_OK && pair->in.avail_in == 0);
  CHECK(pair->in.total_out == pair->deflated &&
        memcmp(pair->decoded, pair->text, pair->deflated) == 0);
}

/* The rest in one piece, the ends, and the proof: two calls. */
static inline void stream_finish(struct stream_pair* pair) {
  pair->out.avail_in = (uInt)(STREAM_BYTES - pair->deflated);
  CHECK(deflate(&pair->out, Z_FINISH) == Z_STREAM_END);
  pair->in.avail_in = (uInt)(pair->out.total_out - pair->in.total_in);
  CHECK(inflate(&pair->in, Z_SYNC_FLUSH) == Z_STREAM_END && pair->in.avail_in == 0);
  CHECK(pair->in.total_out == STREAM_BYTES && memcmp(pair->decoded, pair->text, STREAM_BYTES) == 0);
  CHECK(deflateEnd(&pair->out) == Z_OK && inflateEnd(&pair->in) == Z_OK);
}

/* compress2 and uncompress of `length` bytes, at most 60,000: two calls. Fit for a thread: it keeps
 * nothing. */
static inline void one_shot(uLong length, int level, uint32_t seed) {
  unsigned char *text = malloc(length + 1), *coded = malloc(compressBound(length)),
                *decoded = malloc(length + 1);
  uLongf coded_length = compressBound(length), decoded_length = length + 1;
  CHECK(text && coded && decoded);
  fill_text(text, length, seed);
  CHECK(compress2(coded, &coded_length, text, length, level) == Z_OK);
  CHECK(uncompress(decoded, &decoded_length, coded, coded_length) == Z_OK);
  CHECK(decoded_length == length && memcmp(text, decoded, length) == 0);
  free(text);
  free(coded);
  free(decoded);
}

#endif
