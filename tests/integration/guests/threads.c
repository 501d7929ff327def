/* Eight threads that compress, decompress, sum and stream at once, and call zlib in their last
 * moments too. Prints "DEFLATE-CALLS BYTES INFLATE-CALLS BYTES": what WD_STATS must say, with no
 * count lost between threads. */
#include <pthread.h>

#include "zlib_stream.h"

enum { THREADS = 8, ROUNDS = 40, GENERATIONS = 3 };

static pthread_key_t last_moment;

static void at_the_last_moment(void* argument) {
  (void)argument;
  one_shot(3000, 6, 9);
}

static void* work(void* argument) {
  uint32_t seed = (uint32_t)(uintptr_t)argument;
  struct stream_pair* pair = malloc(sizeof *pair);
  CHECK(pair && pthread_setspecific(last_moment, pair) == 0);
  for (int round = 0; round < ROUNDS; round++, seed += THREADS) {
    one_shot(1 + seed * 977 % 60000, round % 10, seed);
    stream_begin(pair, seed);
    for (int step = 0; step < round % 8; step++) stream_step(pair);
    stream_finish(pair);
    uLong head = crc32(0, pair->text, 5000), tail = crc32(0, pair->text + 5000, 70000);
    CHECK(crc32_combine(head, tail, 70000) == crc32(0, pair->text, 75000));
    CHECK(adler32(adler32(1, pair->text, 5000), pair->text + 5000, 70000) ==
          adler32(1, pair->text, 75000));
  }
  free(pair);
  return NULL;
}

int main(void) {
  unsigned long calls = 0, bytes = 0;
  CHECK(pthread_key_create(&last_moment, at_the_last_moment) == 0);
  /* Threads that come and go: what belongs to a thread must go with it and be there for the next.
   */
  for (int generation = 0; generation < GENERATIONS; generation++) {
    pthread_t threads[THREADS];
    for (uintptr_t number = 0; number < THREADS; number++) {
      CHECK(pthread_create(&threads[number], NULL, work, (void*)(number + 1)) == 0);
    }
    for (int number = 0; number < THREADS; number++)
      CHECK(pthread_join(threads[number], NULL) == 0);
  }
  for (uint32_t number = 1; number <= THREADS; number++) {
    uint32_t seed = number;
    for (int round = 0; round < ROUNDS; round++, seed += THREADS) {
      calls += 1 + (unsigned long)(round % 8) + 1;
      bytes += 1 + seed * 977 % 60000 + STREAM_BYTES;
    }
    calls++;
    bytes += 3000;
  }
  printf("%lu %lu %lu %lu\n", calls * GENERATIONS, bytes * GENERATIONS, calls * GENERATIONS,
         bytes * GENERATIONS);
  return 0;
}
