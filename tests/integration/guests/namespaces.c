/* A library with zlib's functions in two namespaces of the dynamic linker's. Each has a libc of its
 * own, whose keys for threads' data name the same places of the same thread: what one of them reads
 * there is the other's. usage: namespaces LIBRARY */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <zlib.h>

#include "check.h"

enum { BYTES = 60000 };

#define FOUND(name) __typeof__(&name) my_##name = (__typeof__(&name))dlsym(library, #name)

static void use(void* library) {
  static unsigned char text[BYTES], coded[2 * BYTES], decoded[BYTES];
  FOUND(compress);
  FOUND(uncompress);
  CHECK(my_compress && my_uncompress);
  uLongf coded_length = sizeof coded, decoded_length = BYTES;
  fill_text(text, BYTES, 1);
  CHECK(my_compress(coded, &coded_length, text, BYTES) == Z_OK);
  CHECK(my_uncompress(decoded, &decoded_length, coded, coded_length) == Z_OK);
  CHECK(decoded_length == BYTES && memcmp(text, decoded, BYTES) == 0);
}

int main(int count, char** arguments) {
  void* libraries[2];
  CHECK(count == 2);
  for (int i = 0; i < 2; i++) {
    libraries[i] = dlmopen(LM_ID_NEWLM, arguments[1], RTLD_NOW | RTLD_LOCAL);
    CHECK(libraries[i]);
    use(libraries[i]);
  }
  CHECK(dlsym(libraries[0], "compress") != dlsym(libraries[1], "compress"));
  for (int i = 0; i < 2; i++) use(libraries[i]);
  return 0; /* and both give back what they hold */
}
