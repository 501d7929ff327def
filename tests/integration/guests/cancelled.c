/* Threads that are to be cancelled when they call zlib, whose functions are no points to be
 * cancelled at: in the very first call of the process, and in every call of a stream. */
#include <pthread.h>

#include "zlib_stream.h"

enum { THREADS = 8 };

static int finished;

static void* work(void* argument) {
  struct stream_pair* pair = argument;
  CHECK(pthread_cancel(pthread_self()) == 0);
  one_shot(50000, 6, 1);
  stream_begin(pair, 2);
  stream_step(pair);
  stream_finish(pair);
  finished++;
  pthread_testcancel();
  return NULL;
}

int main(void) {
  static struct stream_pair pair;
  for (int number = 0; number < THREADS; number++) {
    pthread_t thread;
    void* answer;
    CHECK(pthread_create(&thread, NULL, work, &pair) == 0 && pthread_join(thread, &answer) == 0);
    CHECK(answer == PTHREAD_CANCELED);
  }
  printf("%d\n", finished);
  return 0;
}
