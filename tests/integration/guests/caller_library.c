/* A shared library that calls zlib; which one answers, the loader decides. */
#include "zlib_calls.h"

void library_calls(void);
void library_calls(void) {
  zlib_calls("library");
}
