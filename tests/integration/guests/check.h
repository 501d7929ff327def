/* What the guests share: CHECK, and input that is the same on every machine. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

static inline uint32_t next_random(uint32_t* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* Text-like bytes: words, runs, and repeats of what came before. */
static inline void fill_text(unsigned char* to, size_t length, uint32_t seed) {
  static const char* const words[] = {"queue ",  "stream ", "return 0;\n", "the ",
                                      "window ", "of ",     "static ",     "int ",
                                      "\n\t",    "block",   "0xffff, ",    "--"};
  size_t at = 0;
  while (at < length) {
    uint32_t kind = next_random(&seed) % 16;
    size_t count;
    if (kind == 0) {
      count = next_random(&seed) % 200 + 1;
      if (count > length - at) count = length - at;
      memset(to + at, (int)(next_random(&seed) & 0xff), count);
    } else if (kind == 1 && at > 100) {
      size_t back = next_random(&seed) % (at < 40000 ? at : 40000) + 1;
      count = next_random(&seed) % 300 + 3;
      if (count > length - at) count = length - at;
      for (size_t i = 0; i < count; i++) to[at + i] = to[at + i - back];
    } else if (kind == 2) {
      count = 1;
      to[at] = (unsigned char)next_random(&seed);
    } else {
      const char* word = words[next_random(&seed) % (sizeof words / sizeof *words)];
      count = strlen(word);
      if (count > length - at) count = length - at;
      memcpy(to + at, word, count);
    }
    at += count;
  }
}

/* A sum that is not zlib's, so that a wrong checksum cannot vouch for wrong bytes. */
static inline uint64_t fingerprint(const unsigned char* data, size_t length) {
  uint64_t sum = 14695981039346656037u;
  for (size_t i = 0; i < length; i++) sum = (sum ^ data[i]) * 1099511628211u;
  return sum;
}

#endif
