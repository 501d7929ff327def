/* A program that closes every descriptor it did not open, in the middle of its work, and uses their
 * numbers for files of its own, as daemons do. usage: closes_descriptors DIRECTORY */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "zlib_stream.h"

enum { FILES = 20 };

int main(int count, char** arguments) {
  static struct stream_pair pair;
  CHECK(count == 2);
  one_shot(50000, 6, 1);
  stream_begin(&pair, 1);
  stream_step(&pair);
  CHECK(close_range(3, ~0u, 0) == 0);
  int files[FILES];
  for (int number = 0; number < FILES; number++) {
    char name[4096];
    snprintf(name, sizeof name, "%s/file%d", arguments[1], number);
    files[number] = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(files[number] >= 0);
  }
  for (int number = 0; number < FILES; number++) {
    one_shot(30000, 1 + number % 9, (uint32_t)number);
    CHECK(write(files[number], "mine\n", 5) == 5);
  }
  stream_step(&pair);
  stream_finish(&pair);
  printf("done\n");
  return 0; /* with the files still open: whatever the shim opens or closes at the end must not be
               one of them */
}
