/* A program of somebody else's: compresses and decompresses by the C API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wd/wd.h>

enum { BYTES = 100000 };

int main(void) {
  unsigned char* text = malloc(BYTES);
  unsigned char* back = malloc(BYTES);
  size_t packed_bytes = wd_compress_bound(WD_FORMAT_ZLIB, BYTES);
  unsigned char* packed = malloc(packed_bytes);
  size_t back_bytes = BYTES;
  wd_context* context = NULL;
  const char* complaint = "";
  wd_decompressor* decompressor = NULL;
  struct wd_completion completion;
  struct wd_const_buffer in;
  struct wd_mutable_buffer out;
  struct wd_request request = {&in, 1, &out, 1, WD_FLUSH_FINISH, 42};
  int same;
  size_t i;

  if (!text || !back || !packed) return 1;
  for (i = 0; i < BYTES; i++) text[i] = (unsigned char)(i * i / 11 % 61);
  if (wd_context_open(&context, &complaint) != 0) {
    puts(complaint);
    return 1;
  }
  if (wd_compress(context, WD_FORMAT_ZLIB, 6, text, BYTES, packed, &packed_bytes) != 0) return 1;
  if (wd_decompressor_open(&decompressor, context, NULL) != 0) return 1;
  in.data = packed;
  in.bytes = packed_bytes;
  out.data = back;
  out.bytes = back_bytes;
  if (wd_decompressor_run(decompressor, &request, &completion) != 0) return 1;
  same = completion.status == WD_STATUS_END && completion.user == 42 &&
         completion.produced == BYTES && memcmp(text, back, BYTES) == 0;
  printf("round trip of %d bytes: %s\n", BYTES, same ? "same" : "different");
  wd_decompressor_close(decompressor);
  wd_context_close(context);
  free(text);
  free(back);
  free(packed);
  return same ? 0 : 1;
}
