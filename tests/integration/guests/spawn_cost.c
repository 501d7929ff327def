/* What a preloaded library costs a program that does not use it: starts /bin/true many times, by
 * turns with and without LD_PRELOAD, and prints the median of the differences in microseconds, wall
 * time. usage: spawn_cost LIBRARY PAIRS */
#define _GNU_SOURCE
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static double now(void) {
  struct timespec time;
  CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double start(char** environment) {
  char* const arguments[] = {"true", NULL};
  double before = now();
  pid_t child;
  int status;
  CHECK(posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environment) == 0);
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  return now() - before;
}

static int ascending(const void* left, const void* right) {
  double difference = *(const double*)left - *(const double*)right;
  return (difference > 0) - (difference < 0);
}

int main(int count, char** arguments) {
  CHECK(count == 3);
  int pairs = atoi(arguments[2]);
  CHECK(pairs > 0);
  char preload[4096];
  snprintf(preload, sizeof preload, "LD_PRELOAD=%s", arguments[1]);
  char *without[] = {"PATH=/usr/bin:/bin", NULL}, *with[] = {"PATH=/usr/bin:/bin", preload, NULL};
  double* differences = calloc((size_t)pairs, sizeof *differences);
  CHECK(differences);
  for (int pair = -20; pair < pairs; pair++) {
    /* Each goes first in half of the pairs: what the first leaves in the caches is no merit of the
     * second. */
    double plain = pair % 2 ? start(without) : 0, shimmed = start(with);
    if (!(pair % 2)) plain = start(without);
    if (pair >= 0) differences[pair] = shimmed - plain;
  }
  qsort(differences, (size_t)pairs, sizeof *differences, ascending);
  printf("%.0f\n", differences[pairs / 2]);
  free(differences);
  return 0;
}
