/* The C API, from C: every function, what it does and what it says to arguments that make no sense.
 * Exits with 0 if all is well; else says what is not. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wd/wd.h"

static int failures;

static void expect(int holds, const char* what, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: expected: %s\n", __FILE__, line, what);
  ++failures;
}

#define EXPECT(condition) expect(condition, #condition, __LINE__)

enum { kPlainBytes = 20000, kPackedBytes = 30000 };

static unsigned char plain[kPlainBytes];
static unsigned char packed[kPackedBytes];
static unsigned char back[kPlainBytes];

static struct wd_const_buffer input(const void* data, size_t bytes) {
  struct wd_const_buffer buffer = {data, bytes};
  return buffer;
}

static struct wd_mutable_buffer output(void* data, size_t bytes) {
  struct wd_mutable_buffer buffer = {data, bytes};
  return buffer;
}

static struct wd_request request_of(const struct wd_const_buffer* in,
                                    const struct wd_mutable_buffer* out, enum wd_flush flush) {
  struct wd_request request = {in, 1, out, 1, flush, 0};
  return request;
}

static int readable(int fd) {
  struct pollfd waiting = {fd, POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

static void test_version(void) {
  EXPECT(strcmp(wd_version(), "0.1.0") == 0);
}

static void test_context(void) {
  wd_context* context = NULL;
  const char* text = NULL;
  EXPECT(wd_context_open(NULL, NULL) == -EINVAL);
  EXPECT(wd_context_open(&context, NULL) == 0);
  EXPECT(context != NULL);
  wd_context_close(context);
  wd_context_close(NULL);

  setenv("WD_BACKEND", "abacus", 1);
  context = NULL;
  EXPECT(wd_context_open(&context, &text) == -EINVAL);
  EXPECT(context == NULL);
  EXPECT(text != NULL && strstr(text, "backend") != NULL);
  EXPECT(wd_context_open(&context, NULL) == -EINVAL);
  unsetenv("WD_BACKEND");
}

static void test_whole_messages(const wd_context* context) {
  const enum wd_format formats[] = {WD_FORMAT_RAW, WD_FORMAT_ZLIB, WD_FORMAT_GZIP};
  for (int i = 0; i < 3; ++i)
    for (int level = 0; level <= 9; ++level) {
      size_t packed_bytes = sizeof(packed);
      size_t back_bytes = sizeof(back);
      EXPECT(wd_compress_bound(formats[i], sizeof(plain)) <= sizeof(packed));
      EXPECT(wd_compress(context, formats[i], level, plain, sizeof(plain), packed, &packed_bytes) ==
             0);
      size_t consumed = packed_bytes;
      EXPECT(packed_bytes <= wd_compress_bound(formats[i], sizeof(plain)));
      memset(back, 0, sizeof(back));
      EXPECT(wd_decompress(context, formats[i], packed, &consumed, back, &back_bytes) == 0);
      EXPECT(consumed == packed_bytes);
      EXPECT(back_bytes == sizeof(plain));
      EXPECT(memcmp(plain, back, sizeof(plain)) == 0);
    }
}

static void test_whole_messages_errors(const wd_context* context) {
  size_t packed_bytes = sizeof(packed);
  size_t in_bytes;
  size_t out_bytes;
  EXPECT(wd_compress(NULL, WD_FORMAT_ZLIB, 6, plain, 10, packed, &packed_bytes) == -EINVAL);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, NULL, 10, packed, &packed_bytes) == -EINVAL);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, plain, 10, NULL, &packed_bytes) == -EINVAL);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, plain, 10, packed, NULL) == -EINVAL);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 10, plain, 10, packed, &packed_bytes) == -EINVAL);
  EXPECT(wd_compress(context, WD_FORMAT_AUTO, 6, plain, 10, packed, &packed_bytes) == -EINVAL);
  EXPECT(wd_compress(context, (enum wd_format)9, 6, plain, 10, packed, &packed_bytes) == -EINVAL);
  out_bytes = 3;
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, plain, 10, packed, &out_bytes) == -ENOSPC);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, NULL, 0, packed, &packed_bytes) == 0);

  packed_bytes = sizeof(packed);
  EXPECT(wd_compress(context, WD_FORMAT_ZLIB, 6, plain, 1000, packed, &packed_bytes) == 0);
  in_bytes = packed_bytes;
  out_bytes = sizeof(back);
  EXPECT(wd_decompress(NULL, WD_FORMAT_ZLIB, packed, &in_bytes, back, &out_bytes) == -EINVAL);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, NULL, &in_bytes, back, &out_bytes) == -EINVAL);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, NULL, back, &out_bytes) == -EINVAL);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, &in_bytes, NULL, &out_bytes) == -EINVAL);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, &in_bytes, back, NULL) == -EINVAL);
  EXPECT(wd_decompress(context, (enum wd_format)9, packed, &in_bytes, back, &out_bytes) == -EINVAL);
  EXPECT(wd_decompress(context, WD_FORMAT_GZIP, packed, &in_bytes, back, &out_bytes) == -EBADMSG);
  EXPECT(in_bytes == packed_bytes && out_bytes == sizeof(back));
  out_bytes = 999;
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, &in_bytes, back, &out_bytes) == -ENOSPC);
  out_bytes = 1001;
  in_bytes = packed_bytes - 1;
  EXPECT(wd_decompress(context, WD_FORMAT_AUTO, packed, &in_bytes, back, &out_bytes) == -EPIPE);
  packed[packed_bytes - 1] ^= 1;
  in_bytes = packed_bytes;
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, &in_bytes, back, &out_bytes) == -EBADMSG);
}

static void test_missing_dictionary(const wd_context* context) {
  /* "a" compressed with the dictionary "Wikipedia". */
  static const unsigned char message[] = {0x78, 0xbb, 0x11, 0xe6, 0x03, 0x98, 0x4b,
                                          0x04, 0x00, 0x00, 0x62, 0x00, 0x62};
  size_t in_bytes = sizeof(message);
  size_t out_bytes = sizeof(back);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, message, &in_bytes, back, &out_bytes) == -ENOKEY);
  struct wd_decompress_options options;
  wd_decompressor* decompressor = NULL;
  struct wd_completion done;
  const struct wd_const_buffer in = input(message, sizeof(message));
  const struct wd_mutable_buffer out = output(back, sizeof(back));
  const struct wd_request request = request_of(&in, &out, WD_FLUSH_FINISH);
  wd_decompress_options_default(&options);
  EXPECT(wd_decompressor_open(&decompressor, context, &options) == 0);
  EXPECT(wd_decompressor_run(decompressor, &request, &done) == 0);
  EXPECT(done.status == WD_STATUS_NEED_DICTIONARY);
  wd_decompressor_close(decompressor);
  options.dictionary = "Wikipedia";
  options.dictionary_bytes = 9;
  EXPECT(wd_decompressor_open(&decompressor, context, &options) == 0);
  EXPECT(wd_decompressor_run(decompressor, &request, &done) == 0);
  EXPECT(done.status == WD_STATUS_END && done.produced == 1 && back[0] == 'a');
  wd_decompressor_close(decompressor);
}

static void test_options(const wd_context* context) {
  struct wd_compress_options packing;
  wd_compressor* compressor = NULL;
  wd_compress_options_default(&packing);
  EXPECT(packing.format == WD_FORMAT_ZLIB && packing.level == 6 && packing.window_bits == 15 &&
         packing.memory_level == 8 && packing.strategy == 0 && packing.dictionary == NULL &&
         packing.dictionary_bytes == 0);
  EXPECT(wd_compressor_open(NULL, context, &packing) == -EINVAL);
  EXPECT(wd_compressor_open(&compressor, NULL, &packing) == -EINVAL);
  EXPECT(wd_compressor_open(&compressor, context, NULL) == 0);
  wd_compressor_close(compressor);
  packing.window_bits = packing.memory_level = 0;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == 0);
  wd_compressor_close(compressor);
  compressor = NULL;
  packing.level = 10;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  wd_compress_options_default(&packing);
  packing.window_bits = 8;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  wd_compress_options_default(&packing);
  packing.strategy = 5;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  packing.strategy = -1;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  packing.strategy = 256;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  wd_compress_options_default(&packing);
  packing.format = (enum wd_format)256;
  EXPECT(wd_compressor_open(&compressor, context, &packing) == -EINVAL);
  EXPECT(compressor == NULL);
  wd_compressor_close(NULL);

  struct wd_decompress_options unpacking;
  wd_decompressor* decompressor = NULL;
  wd_decompress_options_default(&unpacking);
  EXPECT(unpacking.format == WD_FORMAT_AUTO && unpacking.window_bits == 15 &&
         unpacking.dictionary == NULL && unpacking.dictionary_bytes == 0);
  EXPECT(wd_decompressor_open(NULL, context, &unpacking) == -EINVAL);
  EXPECT(wd_decompressor_open(&decompressor, NULL, &unpacking) == -EINVAL);
  unpacking.window_bits = 16;
  EXPECT(wd_decompressor_open(&decompressor, context, &unpacking) == -EINVAL);
  EXPECT(decompressor == NULL);
  unpacking.window_bits = 0;
  EXPECT(wd_decompressor_open(&decompressor, context, &unpacking) == 0);
  wd_decompressor_close(decompressor);
  EXPECT(wd_decompressor_open(&decompressor, context, NULL) == 0);
  wd_decompressor_close(decompressor);
  wd_decompressor_close(NULL);
}

/* Compresses in two requests, decompresses in two, by submit, poll and wait. */
static void test_sessions(const wd_context* context) {
  wd_compressor* compressor = NULL;
  wd_decompressor* decompressor = NULL;
  struct wd_completion done[2];
  EXPECT(wd_compressor_open(&compressor, context, NULL) == 0);
  EXPECT(wd_decompressor_open(&decompressor, context, NULL) == 0);

  const int fd = wd_compressor_event_fd(compressor);
  EXPECT(fd >= 0 && !readable(fd));
  struct wd_const_buffer in = input(plain, kPlainBytes / 2);
  struct wd_mutable_buffer out = output(packed, sizeof(packed));
  struct wd_request request = request_of(&in, &out, WD_FLUSH_SYNC);
  request.user = 77;
  const int64_t first = wd_compressor_submit(compressor, &request);
  EXPECT(first > 0 && readable(fd));
  EXPECT(wd_compressor_wait(compressor, first, INT64_MAX, &done[0]) == 0);
  EXPECT(done[0].ticket == (uint64_t)first && done[0].user == 77);
  EXPECT(done[0].status == WD_STATUS_OK && done[0].consumed == kPlainBytes / 2);
  EXPECT(!readable(fd));
  EXPECT(wd_compressor_wait(compressor, first, 0, &done[0]) == -ENOENT);
  in = input(plain + kPlainBytes / 2, kPlainBytes / 2);
  out = output(packed + done[0].produced, sizeof(packed) - done[0].produced);
  request.flush = WD_FLUSH_FINISH;
  EXPECT(wd_compressor_submit(compressor, &request) > first);
  EXPECT(wd_compressor_poll(compressor, done + 1, 1) == 1);
  EXPECT(done[1].status == WD_STATUS_END);
  EXPECT(wd_compressor_poll(compressor, done + 1, 1) == 0);
  EXPECT(wd_compressor_poll(compressor, NULL, 0) == 0);
  const size_t packed_bytes = done[0].produced + done[1].produced;

  EXPECT(wd_decompressor_event_fd(decompressor) >= 0);
  in = input(packed, packed_bytes);
  out = output(back, kPlainBytes / 2);
  const int64_t third = wd_decompressor_submit(decompressor, &request);
  EXPECT(third > 0);
  EXPECT(wd_decompressor_wait(decompressor, third, -1, &done[0]) == 0);
  EXPECT(done[0].status == WD_STATUS_OUTPUT_FULL && done[0].produced == kPlainBytes / 2);
  in = input(packed + done[0].consumed, packed_bytes - done[0].consumed);
  out = output(back + kPlainBytes / 2, kPlainBytes / 2);
  EXPECT(wd_decompressor_submit(decompressor, &request) > 0);
  EXPECT(wd_decompressor_poll(decompressor, done + 1, 2) == 1);
  EXPECT(done[1].status == WD_STATUS_END);
  EXPECT(memcmp(plain, back, sizeof(plain)) == 0);

  in = input(packed, packed_bytes - 1);
  EXPECT(wd_decompressor_run(decompressor, &request, NULL) == 0);
  wd_decompressor_reset(decompressor);
  in = input("no such thing", 13);
  EXPECT(wd_decompressor_run(decompressor, &request, &done[0]) == 0);
  EXPECT(done[0].status == WD_STATUS_CORRUPT_DATA);
  wd_compressor_reset(compressor);
  wd_compressor_close(compressor);
  wd_decompressor_close(decompressor);
}

static void test_session_errors(const wd_context* context) {
  wd_compressor* compressor = NULL;
  wd_decompressor* decompressor = NULL;
  struct wd_completion done;
  struct wd_const_buffer in = input(plain, 1);
  struct wd_mutable_buffer out = output(packed, sizeof(packed));
  struct wd_request request = request_of(&in, &out, WD_FLUSH_NONE);
  EXPECT(wd_compressor_open(&compressor, context, NULL) == 0);
  EXPECT(wd_decompressor_open(&decompressor, context, NULL) == 0);

  EXPECT(wd_compressor_submit(NULL, &request) == -EINVAL);
  EXPECT(wd_compressor_run(NULL, &request, &done) == -EINVAL);
  EXPECT(wd_compressor_poll(NULL, &done, 1) == -EINVAL);
  EXPECT(wd_compressor_wait(NULL, 1, 0, &done) == -EINVAL);
  EXPECT(wd_compressor_event_fd(NULL) == -EINVAL);
  wd_compressor_reset(NULL);
  EXPECT(wd_decompressor_submit(NULL, &request) == -EINVAL);
  EXPECT(wd_decompressor_run(NULL, &request, &done) == -EINVAL);
  EXPECT(wd_decompressor_poll(NULL, &done, 1) == -EINVAL);
  EXPECT(wd_decompressor_wait(NULL, 1, 0, &done) == -EINVAL);
  EXPECT(wd_decompressor_event_fd(NULL) == -EINVAL);
  wd_decompressor_reset(NULL);

  EXPECT(wd_compressor_submit(compressor, NULL) == -EINVAL);
  EXPECT(wd_compressor_run(compressor, NULL, &done) == -EINVAL);
  EXPECT(wd_compressor_poll(compressor, NULL, 1) == -EINVAL);
  EXPECT(wd_compressor_wait(compressor, 12345, 0, &done) == -ENOENT);
  EXPECT(wd_compressor_wait(compressor, -1, 0, &done) == -ENOENT);
  EXPECT(wd_decompressor_submit(decompressor, NULL) == -EINVAL);
  EXPECT(wd_decompressor_run(decompressor, NULL, &done) == -EINVAL);

  request.flush = (enum wd_flush)1;
  EXPECT(wd_compressor_run(compressor, &request, &done) == -EINVAL);
  EXPECT(wd_decompressor_run(decompressor, &request, &done) == -EINVAL);
  request.flush = (enum wd_flush)(256 + 4);
  EXPECT(wd_compressor_run(compressor, &request, &done) == -EINVAL);
  request.flush = WD_FLUSH_NONE;
  request.in = NULL;
  EXPECT(wd_compressor_submit(compressor, &request) == -EINVAL);
  request.in = &in;
  request.out = NULL;
  EXPECT(wd_compressor_submit(compressor, &request) == -EINVAL);
  request.out = &out;
  request.in_count = WD_MAX_PIECES + 1;
  EXPECT(wd_compressor_submit(compressor, &request) == -EINVAL);
  request.in_count = 1;
  request.out_count = (size_t)-1;
  EXPECT(wd_compressor_submit(compressor, &request) == -EINVAL);
  request.out_count = 1;
  in = input(NULL, 1);
  EXPECT(wd_compressor_run(compressor, &request, &done) == -EINVAL);
  EXPECT(wd_decompressor_run(decompressor, &request, &done) == -EINVAL);
  in = input(plain, 1);
  out = output(NULL, 1);
  EXPECT(wd_compressor_run(compressor, &request, &done) == -EINVAL);
  EXPECT(wd_decompressor_run(decompressor, &request, &done) == -EINVAL);
  out = output(packed, sizeof(packed));

  for (int i = 0; i < 64; ++i) EXPECT(wd_compressor_submit(compressor, &request) > 0);
  EXPECT(wd_compressor_submit(compressor, &request) == -EAGAIN);
  EXPECT(wd_compressor_poll(compressor, &done, 1) == 1);
  EXPECT(wd_compressor_submit(compressor, &request) > 0);
  wd_compressor_close(compressor);
  wd_decompressor_close(decompressor);
}

static void test_many_pieces(const wd_context* context) {
  struct wd_const_buffer in[WD_MAX_PIECES];
  struct wd_mutable_buffer out[WD_MAX_PIECES];
  for (int i = 0; i < WD_MAX_PIECES; ++i) {
    in[i] = input(plain + i * 10, 10);
    out[i] = output(packed + i * 20, 20);
  }
  const struct wd_request request = {in, WD_MAX_PIECES, out, WD_MAX_PIECES, WD_FLUSH_FINISH, 0};
  struct wd_completion done;
  wd_compressor* compressor = NULL;
  EXPECT(wd_compressor_open(&compressor, context, NULL) == 0);
  EXPECT(wd_compressor_run(compressor, &request, &done) == 0);
  EXPECT(done.status == WD_STATUS_END && done.consumed == WD_MAX_PIECES * 10);
  wd_compressor_close(compressor);
  size_t in_bytes = done.produced;
  size_t out_bytes = sizeof(back);
  EXPECT(wd_decompress(context, WD_FORMAT_ZLIB, packed, &in_bytes, back, &out_bytes) == 0);
  EXPECT(out_bytes == WD_MAX_PIECES * 10 && memcmp(plain, back, out_bytes) == 0);
}

static void test_checksums(void) {
  EXPECT(wd_crc32(0, "123456789", 9) == 0xcbf43926);
  EXPECT(wd_adler32(1, "Wikipedia", 9) == 0x11e60398);
  EXPECT(wd_crc32(wd_crc32(0, "1234", 4), "56789", 5) == 0xcbf43926);
  EXPECT(wd_crc32_combine(wd_crc32(0, "1234", 4), wd_crc32(0, "56789", 5), 5) == 0xcbf43926);
  EXPECT(wd_adler32_combine(wd_adler32(1, "Wiki", 4), wd_adler32(1, "pedia", 5), 5) == 0x11e60398);
  EXPECT(wd_crc32(5, NULL, 0) == 5);
}

/* Whatever the caller's environment and this machine's wd.conf say. */
static void forget_configuration(void) {
  char path[] = "/tmp/wd-c-api-XXXXXX";
  const int fd = mkstemp(path);
  if (fd < 0 || fchmod(fd, 0600) != 0) abort();
  unlink(path);
  char name[64];
  snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
  setenv("WD_CONF", name, 1);
  unsetenv("WD_BACKEND");
  unsetenv("WD_COMPRESSION");
  unsetenv("WD_LOG");
  unsetenv("WD_STATS");
  unsetenv("SOURCE_DATE_EPOCH");
}

int main(void) {
  wd_context* context = NULL;
  forget_configuration();
  for (size_t i = 0; i < sizeof(plain); ++i) plain[i] = (unsigned char)(i * i / 97 % 64 + 32);
  if (wd_context_open(&context, NULL) != 0) return EXIT_FAILURE;
  test_version();
  test_context();
  test_whole_messages(context);
  test_whole_messages_errors(context);
  test_missing_dictionary(context);
  test_options(context);
  test_sessions(context);
  test_session_errors(context);
  test_many_pieces(context);
  test_checksums();
  wd_context_close(context);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
