/* Preloaded beside the shim into a program that ends by _exit: makes that end a normal one, so that
 * the shim writes its statistics. rsync's receiver ends so, from the handler of a signal. */
#include <stdlib.h>
#include <unistd.h>

void _exit(int status) {
  exit(status);
}
