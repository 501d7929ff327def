/* Stands in for a much older libstdc++.so.6, as a program with a tree of its own may bring: the few
 * functions that the C++ library of this test needs, under the oldest version names, and none of
 * the newer names. A shim that needed libstdc++ would get this one, and the program would not
 * start. */
#include <stdlib.h>

void* old_new(size_t size);
void* old_new(size_t size) {
  return malloc(size);
}
void old_delete(void* memory, size_t size);
void old_delete(void* memory, size_t size) {
  (void)size;
  free(memory);
}
__asm__(".symver old_new, _Znwm@@GLIBCXX_3.4");
__asm__(".symver old_delete, _ZdlPvm@@CXXABI_1.3.9");

int old_libstdcxx_marker(void);
int old_libstdcxx_marker(void) {
  return 34;
}
