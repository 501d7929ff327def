/*
 * WarpDrive's C API: compression, decompression and checksums on whatever this machine has.
 *
 * Errors: functions that can fail return 0 or a positive count on success and a negative errno on
 * failure: -EINVAL (the caller's mistake), -ENOMEM, -EAGAIN (the session's completions must be
 * fetched first), -ENOENT (no such request), -ENOSPC (the output is too small), -EBADMSG (corrupt
 * input), -EPIPE (truncated input), -ENOKEY (a preset dictionary is missing), -EIO.
 *
 * Threading: a context may be used by any thread; a session by one at a time. Ownership: *_open
 * gives a handle that the matching *_close frees; a context must outlive its sessions, and a
 * request's buffers its completion. Sizes are in bytes.
 */
#ifndef WD_WD_H_
#define WD_WD_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WD_API_EXPORT __attribute__((visibility("default")))

/* C++ gives an enumeration without a fixed type no value that it does not name. */
#ifdef __cplusplus
#define WD_AS_INT : int
#else
#define WD_AS_INT
#endif

typedef struct wd_context wd_context;
typedef struct wd_compressor wd_compressor;
typedef struct wd_decompressor wd_decompressor;

enum wd_format WD_AS_INT {
  WD_FORMAT_RAW = 0,
  WD_FORMAT_ZLIB = 1,
  WD_FORMAT_GZIP = 2,
  WD_FORMAT_AUTO = 3
};

/* The numbers are zlib's. */
enum wd_flush WD_AS_INT {
  WD_FLUSH_NONE = 0,
  WD_FLUSH_SYNC = 2,
  WD_FLUSH_FULL = 3,
  WD_FLUSH_FINISH = 4
};

enum wd_status WD_AS_INT {
  WD_STATUS_OK = 0,              /* all input consumed, the flush done */
  WD_STATUS_END = 1,             /* the stream is complete; the next request starts another */
  WD_STATUS_OUTPUT_FULL = 2,     /* go on with the rest of the input and the same flush */
  WD_STATUS_NEED_DICTIONARY = 3, /* of a preset dictionary that the session does not have */
  WD_STATUS_TRUNCATED = 4,
  WD_STATUS_CORRUPT_DATA = 5,
  WD_STATUS_NO_MEMORY = 6
};

struct wd_const_buffer {
  const void* data;
  size_t bytes;
};

struct wd_mutable_buffer {
  void* data;
  size_t bytes;
};

/* At most this many pieces of input, and of output, in one request. */
#define WD_MAX_PIECES 64

struct wd_request {
  const struct wd_const_buffer* in;
  size_t in_count;
  const struct wd_mutable_buffer* out;
  size_t out_count;
  enum wd_flush flush;
  uint64_t user; /* comes back in the completion */
};

struct wd_completion {
  uint64_t ticket;
  uint64_t user;
  enum wd_status status;
  size_t consumed;
  size_t produced;
};

/* window_bits and memory_level may be zero, for what wd_*_options_default() sets there. */
struct wd_compress_options {
  enum wd_format format;
  int level; /* 0 (stored) to 9 (smallest) */
  int window_bits;
  int memory_level;
  int strategy;           /* zlib's numbers */
  const void* dictionary; /* borrowed as long as the session lives */
  size_t dictionary_bytes;
};

struct wd_decompress_options {
  enum wd_format format;
  int window_bits;
  const void* dictionary;
  size_t dictionary_bytes;
};

/* The library's version, as in "0.1.0". */
WD_API_EXPORT const char* wd_version(void);

/* Reads wd.conf and the WD_* variables. What cannot be understood there is -EINVAL; what it is
 * about is then pointed to by *text, unless text is null: a string that is never freed. */
WD_API_EXPORT int wd_context_open(wd_context** context, const char** text);
/* Writes statistics where the configuration asks for them. Null is ignored. */
WD_API_EXPORT void wd_context_close(wd_context* context);

WD_API_EXPORT void wd_compress_options_default(struct wd_compress_options* options);
WD_API_EXPORT int wd_compressor_open(wd_compressor** compressor, const wd_context* context,
                                     const struct wd_compress_options* options);
WD_API_EXPORT void wd_compressor_close(wd_compressor* compressor);
/* The ticket of the request, a positive number, or -EAGAIN, -EINVAL. */
WD_API_EXPORT int64_t wd_compressor_submit(wd_compressor* compressor,
                                           const struct wd_request* request);
/* Fetches at most `budget` completions; how many. */
WD_API_EXPORT int wd_compressor_poll(wd_compressor* compressor, struct wd_completion* completions,
                                     size_t budget);
/* Waits for one request for at most timeout_ns nanoseconds, for ever if negative. */
WD_API_EXPORT int wd_compressor_wait(wd_compressor* compressor, int64_t ticket, int64_t timeout_ns,
                                     struct wd_completion* completion);
/* Submits and waits. */
WD_API_EXPORT int wd_compressor_run(wd_compressor* compressor, const struct wd_request* request,
                                    struct wd_completion* completion);
/* A descriptor for epoll, readable while completions wait to be fetched; the session's own. */
WD_API_EXPORT int wd_compressor_event_fd(wd_compressor* compressor);
WD_API_EXPORT void wd_compressor_reset(wd_compressor* compressor);

WD_API_EXPORT void wd_decompress_options_default(struct wd_decompress_options* options);
WD_API_EXPORT int wd_decompressor_open(wd_decompressor** decompressor, const wd_context* context,
                                       const struct wd_decompress_options* options);
WD_API_EXPORT void wd_decompressor_close(wd_decompressor* decompressor);
WD_API_EXPORT int64_t wd_decompressor_submit(wd_decompressor* decompressor,
                                             const struct wd_request* request);
WD_API_EXPORT int wd_decompressor_poll(wd_decompressor* decompressor,
                                       struct wd_completion* completions, size_t budget);
WD_API_EXPORT int wd_decompressor_wait(wd_decompressor* decompressor, int64_t ticket,
                                       int64_t timeout_ns, struct wd_completion* completion);
WD_API_EXPORT int wd_decompressor_run(wd_decompressor* decompressor,
                                      const struct wd_request* request,
                                      struct wd_completion* completion);
WD_API_EXPORT int wd_decompressor_event_fd(wd_decompressor* decompressor);
WD_API_EXPORT void wd_decompressor_reset(wd_decompressor* decompressor);

/* Whole messages. *out_bytes is the room on entry and what was written on return. */
WD_API_EXPORT int wd_compress(const wd_context* context, enum wd_format format, int level,
                              const void* in, size_t in_bytes, void* out, size_t* out_bytes);
/* The most that wd_compress() makes of in_bytes. */
WD_API_EXPORT size_t wd_compress_bound(enum wd_format format, size_t in_bytes);
/* *in_bytes is the input's length on entry and what the message took of it on return. */
WD_API_EXPORT int wd_decompress(const wd_context* context, enum wd_format format, const void* in,
                                size_t* in_bytes, void* out, size_t* out_bytes);

/* Checksums: continued by passing the value so far, started with 0 (CRC-32) and 1 (Adler-32). */
WD_API_EXPORT uint32_t wd_crc32(uint32_t so_far, const void* data, size_t bytes);
WD_API_EXPORT uint32_t wd_adler32(uint32_t so_far, const void* data, size_t bytes);
WD_API_EXPORT uint32_t wd_crc32_combine(uint32_t first, uint32_t second, uint64_t second_bytes);
WD_API_EXPORT uint32_t wd_adler32_combine(uint32_t first, uint32_t second, uint64_t second_bytes);

#ifdef __cplusplus
}
#endif

#endif /* WD_WD_H_ */
