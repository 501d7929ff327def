/* One compress2 and one uncompress of so many bytes; prints what came back.
 * usage: round_trip BYTES [_exit|abort|exec], how it ends if not normally. */
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"

int main(int count, char** arguments) {
  CHECK(count >= 2);
  size_t length = strtoul(arguments[1], NULL, 10);
  uLongf coded_length = compressBound(length), decoded_length = length;
  unsigned char *text = malloc(length), *coded = malloc(coded_length), *decoded = malloc(length);
  CHECK(text && coded && decoded);
  fill_text(text, length, 1);
  CHECK(compress2(coded, &coded_length, text, length, 6) == Z_OK);
  CHECK(uncompress(decoded, &decoded_length, coded, coded_length) == Z_OK &&
        decoded_length == length);
  printf("%016llx\n", (unsigned long long)fingerprint(decoded, length));
  CHECK(memcmp(text, decoded, length) == 0 && fflush(stdout) == 0);
  free(text);
  free(coded);
  free(decoded);
  if (count == 2) return 0;
  if (!strcmp(arguments[2], "_exit")) _exit(0);
  if (!strcmp(arguments[2], "exec")) execl("/bin/true", "true", (char*)NULL);
  CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
  abort();
}
