/* A program linked with a zlib: which one, its link line says. */
#include "zlib_calls.h"

int main(void) {
  zlib_calls("program");
  return 0;
}
