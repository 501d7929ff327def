/* Two zlibs by dlopen, their streams alive at the same time: each stream must reach the library
 * that made it. */
#include <dlfcn.h>
#include <zlib.h>

#include "check.h"

enum { LENGTH = 100000, ROUNDS = 5 };

static void* function(void* handle, const char* name) {
  void* found = dlsym(handle, name);
  CHECK(found);
  return found;
}
#define IN(handle, name) ((__typeof__(&name))function(handle, #name))

struct pair {
  void* handle;
  z_stream deflate, inflate;
  unsigned char coded[LENGTH + 1000], decoded[LENGTH];
};

static void begin(struct pair* pair, const char* library) {
  pair->handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!pair->handle) fprintf(stderr, "%s\n", dlerror());
  CHECK(pair->handle);
  CHECK(IN(pair->handle, deflateInit_)(&pair->deflate, 6, ZLIB_VERSION, sizeof(z_stream)) == Z_OK);
  /* Not inflateInit_, which jumps to inflateInit2_ without a trace of whose it is: with two zlibs
   * loaded nobody can tell which one to go back to. */
  CHECK(IN(pair->handle, inflateInit2_)(&pair->inflate, 15, ZLIB_VERSION, sizeof(z_stream)) ==
        Z_OK);
}

/* Every call here leads, inside libz, through its PLT: deflateParams to deflate, the resets to each
 * other. */
static void round_trip(struct pair* pair, unsigned char* text) {
  z_stream *out = &pair->deflate, *in = &pair->inflate;
  out->next_in = text;
  out->avail_in = LENGTH / 2;
  out->next_out = pair->coded;
  out->avail_out = sizeof pair->coded;
  CHECK(IN(pair->handle, deflate)(out, Z_NO_FLUSH) == Z_OK);
  CHECK(IN(pair->handle, deflateParams)(out, 9, Z_FILTERED) == Z_OK);
  out->avail_in += LENGTH - LENGTH / 2;
  CHECK(IN(pair->handle, deflate)(out, Z_FINISH) == Z_STREAM_END);
  in->next_in = pair->coded;
  in->avail_in = (uInt)out->total_out;
  in->next_out = pair->decoded;
  in->avail_out = LENGTH;
  CHECK(IN(pair->handle, inflate)(in, Z_FINISH) == Z_STREAM_END);
  CHECK(in->total_out == LENGTH && memcmp(pair->decoded, text, LENGTH) == 0);
  /* Their own bytes: no engine of the shim has a part in these streams. */
  printf("%lu %016llx\n", out->total_out,
         (unsigned long long)fingerprint(pair->coded, out->total_out));
  CHECK(IN(pair->handle, deflateReset)(out) == Z_OK);
  CHECK(IN(pair->handle, inflateReset2)(in, 15) == Z_OK);
}

int main(int count, char** arguments) {
  CHECK(count == 3);
  static struct pair first, second;
  static unsigned char text[LENGTH];
  fill_text(text, LENGTH, 5);
  begin(&first, arguments[1]);
  begin(&second, arguments[2]);
  CHECK(IN(first.handle, deflate) != IN(second.handle, deflate));
  for (int round = 0; round < ROUNDS; round++) {
    round_trip(&first, text);
    round_trip(&second, text);
  }
  CHECK(IN(first.handle, deflateEnd)(&first.deflate) == Z_OK &&
        IN(first.handle, inflateEnd)(&first.inflate) == Z_OK);
  CHECK(dlclose(first.handle) == 0);
  round_trip(&second, text);
  CHECK(IN(second.handle, deflateEnd)(&second.deflate) == Z_OK);
  CHECK(IN(second.handle, inflateEnd)(&second.inflate) == Z_OK);
  CHECK(dlclose(second.handle) == 0);
  return 0;
}
