/* zlib by dlopen: every function by dlsym from the handle, as the first argument says. The second
 * is the library. local, global   a handle of the library, opened RTLD_LOCAL or RTLD_GLOBAL
 *   default, next   the library opened RTLD_GLOBAL, its functions from RTLD_DEFAULT or RTLD_NEXT
 * Under the shim libz calls its own exports through its PLT, which lead into the shim: it is given
 * streams that it did not make. */
#include <dlfcn.h>
#include <stdlib.h>

static void* handle;
static void* found(const char* name);

#define Z(name) ((__typeof__(&name))found(#name))
#include "zlib_calls.h"

static void* found(const char* name) {
  void* function = dlsym(handle, name);
  if (!function) fprintf(stderr, "%s\n", dlerror());
  CHECK(function);
  return function;
}

int main(int count, char** arguments) {
  CHECK(count == 3);
  const char *way = arguments[1], *library = arguments[2];
  void* libz = dlopen(library, RTLD_NOW | (strcmp(way, "local") ? RTLD_GLOBAL : RTLD_LOCAL));
  CHECK(libz);
  handle = !strcmp(way, "default") ? RTLD_DEFAULT : !strcmp(way, "next") ? RTLD_NEXT : libz;
  zlib_calls(way);
  /* Opened and closed again and again: nothing may be kept of a library that may be gone. */
  if (handle == libz) {
    for (int round = 0; round < 3; round++) {
      CHECK(dlclose(libz) == 0);
      libz = handle = dlopen(library, RTLD_NOW | (strcmp(way, "local") ? RTLD_GLOBAL : RTLD_LOCAL));
      CHECK(libz);
      zlib_calls("opened again");
    }
  }
  return 0;
}
