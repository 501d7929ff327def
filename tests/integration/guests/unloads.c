/* A library with zlib's functions that is opened, used and closed again, many times: neither
 * descriptors nor threads of its own stay behind, and a fork finds nothing of it. usage: unloads
 * LIBRARY ROUNDS */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"

enum { BYTES = 60000 };

static int open_descriptors(void) {
  DIR* folder = opendir("/proc/self/fd");
  int count = 0;
  CHECK(folder);
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

#define FOUND(name) __typeof__(&name) my_##name = (__typeof__(&name))dlsym(library, #name)

static void* use(void* library) {
  static __thread unsigned char text[BYTES], coded[2 * BYTES], decoded[BYTES];
  FOUND(compress);
  FOUND(uncompress);
  FOUND(deflateInit_);
  FOUND(deflate);
  FOUND(deflateEnd);
  CHECK(my_compress && my_uncompress && my_deflateInit_ && my_deflate && my_deflateEnd);
  uLongf coded_length = sizeof coded, decoded_length = BYTES;
  fill_text(text, BYTES, 1);
  CHECK(my_compress(coded, &coded_length, text, BYTES) == Z_OK);
  CHECK(my_uncompress(decoded, &decoded_length, coded, coded_length) == Z_OK);
  CHECK(decoded_length == BYTES && memcmp(text, decoded, BYTES) == 0);
  z_stream stream = {.next_in = text, .avail_in = BYTES, .next_out = coded, .avail_out = 2 * BYTES};
  CHECK(my_deflateInit_(&stream, 6, ZLIB_VERSION, sizeof stream) == Z_OK);
  CHECK(my_deflate(&stream, Z_SYNC_FLUSH) == Z_OK && stream.avail_in == 0);
  CHECK(my_deflateEnd(&stream) == Z_DATA_ERROR); /* in its middle */
  return NULL;
}

int main(int count, char** arguments) {
  CHECK(count == 3);
  int before = open_descriptors(), most = 0;
  for (int round = atoi(arguments[2]); round > 0; round--) {
    void* library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    pthread_t thread;
    CHECK(library);
    use(library);
    CHECK(pthread_create(&thread, NULL, use, library) == 0 && pthread_join(thread, NULL) == 0);
    int with = open_descriptors();
    if (with > most) most = with;
    CHECK(dlclose(library) == 0);
    CHECK(!dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD)); /* it is gone */
    CHECK(open_descriptors() == before);
    pid_t child = fork();
    if (child == 0) _exit(open_descriptors() == before ? 0 : 1);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
  printf("%d\n", most - before);
  return 0;
}
