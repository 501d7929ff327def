/* A program that calls zlib itself, and a shared library that does so too. */
#include "zlib_calls.h"

void library_calls(void);

int main(void) {
  zlib_calls("program");
  library_calls();
  zlib_calls("program again");
  return 0;
}
