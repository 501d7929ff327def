/* A program whose own zlib is a compressor only: what of zlib's archive compress2 pulls in. */
#include <zlib.h>

#include "check.h"

void library_calls(void);

int main(void) {
  unsigned char text[1000], coded[2000];
  uLongf length = sizeof coded;
  fill_text(text, sizeof text, 3);
  CHECK(compress2(coded, &length, text, sizeof text, 6) == Z_OK);
  library_calls();
  return 0;
}
