/* A library that uses zlib in its constructor and in its destructor, with a stream that lives from
 * one to the other. */
#include "zlib_stream.h"

static struct stream_pair pair;

__attribute__((constructor)) static void begin(void) {
  one_shot(50000, 6, 1);
  stream_begin(&pair, 2);
  stream_step(&pair);
  printf("constructor of the library\n");
}

void library_step(void);
void library_step(void) {
  stream_step(&pair);
}

__attribute__((destructor)) static void end(void) {
  stream_finish(&pair);
  one_shot(50000, 9, 3);
  printf("destructor of the library\n");
}
