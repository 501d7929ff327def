/* zlib before every constructor and after every destructor: from .preinit_array, which runs before
 * the constructors of all libraries, and from an exit handler registered there, which runs after
 * all their destructors. */
#include "zlib_stream.h"

void library_step(void);

static struct stream_pair pair;

static void after_all_destructors(int status, void* argument) {
  (void)status;
  (void)argument;
  stream_finish(&pair);
  one_shot(40000, 6, 7);
  printf("after all destructors\n");
}

static void before_all_constructors(void) {
  /* Not atexit, whose handlers run with the destructors of the program. */
  CHECK(on_exit(after_all_destructors, NULL) == 0);
  one_shot(40000, 6, 4);
  stream_begin(&pair, 5);
  stream_step(&pair);
  printf("before all constructors\n");
}
__attribute__((section(".preinit_array"),
               used)) static void (*const preinit)(void) = before_all_constructors;

__attribute__((constructor)) static void constructor(void) {
  one_shot(30000, 1, 5);
  stream_step(&pair);
}

__attribute__((destructor)) static void destructor(void) {
  one_shot(30000, 1, 6);
  stream_step(&pair);
}

int main(void) {
  stream_step(&pair);
  library_step();
  one_shot(60000, 6, 6);
  return 0;
}
