/* zlib by dlopen: every function by dlsym from the handle, as the first argument says.
 *   local, global   a handle of libz.so.1, opened RTLD_LOCAL or RTLD_GLOBAL
 *   default, next   libz.so.1 opened RTLD_GLOBAL, its functions from RTLD_DEFAULT or RTLD_NEXT
 * Under the shim libz calls its own exports through its PLT, which lead into the shim: it is given streams that it did
 * not make. */
#include <dlfcn.h>
#include <stdlib.h>

static void *handle;
static void *found(const char *name);

#define Z(name) ((__typeof__(&name))found(#name))
#include "zlib_calls.h"

static void *found(const char *name) {
  void *function = dlsym(handle, name);
  if (!function) fprintf(stderr, "%s\n", dlerror());
  CHECK(function);
  return function;
}

int main(int count, char **arguments) {
  CHECK(count == 2);
  const char *way = arguments[1];
  void *libz = dlopen("libz.so.1", RTLD_NOW | (strcmp(way, "local") ? RTLD_GLOBAL : RTLD_LOCAL));
  CHECK(libz);
  handle = !strcmp(way, "default") ? RTLD_DEFAULT : !strcmp(way, "next") ? RTLD_NEXT : libz;
  zlib_calls(way);
  /* Opened and closed again and again: nothing may be kept of a library that may be gone. */
  if (handle == libz) {
    for (int round = 0; round < 3; round++) {
      CHECK(dlclose(libz) == 0);
      libz = handle = dlopen("libz.so.1", RTLD_NOW | (strcmp(way, "local") ? RTLD_GLOBAL : RTLD_LOCAL));
      CHECK(libz);
      zlib_calls("opened again");
    }
  }
  return 0;
}
