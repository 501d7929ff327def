/* A master that compresses, forks workers that compress, kills them in the middle of their work,
 * and replaces them, as servers do. The workers answer by a pipe: one byte for each round. Prints
 * how many workers ended on being told to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zlib_stream.h"

enum { WORKERS = 4, GENERATIONS = 5, ROUNDS = 3 };

struct worker {
  pid_t process;
  int rounds; /* reads what the worker has done */
  int stop;   /* one byte ends it */
};

/* The master's, in its middle: each worker goes on with a copy of its own. */
static struct stream_pair begun;

static void work(int rounds, int stop, uint32_t seed) {
  static struct stream_pair pair;
  char nothing;
  stream_step(&begun);
  stream_finish(&begun);
  for (;; seed += 100) {
    one_shot(40000, 1 + (int)(seed % 9), seed);
    stream_begin(&pair, seed);
    stream_step(&pair);
    stream_finish(&pair);
    if (write(rounds, "!", 1) != 1) exit(1);
    if (read(stop, &nothing, 1) == 1) exit(0);
    CHECK(errno == EAGAIN);
  }
}

static struct worker start(uint32_t seed) {
  int rounds[2], stop[2];
  CHECK(pipe2(rounds, O_CLOEXEC) == 0 && pipe2(stop, O_CLOEXEC | O_NONBLOCK) == 0);
  pid_t process = seed % 3 ? fork() : (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  CHECK(process >= 0);
  if (process == 0) {
    close(rounds[0]);
    close(stop[1]);
    work(rounds[1], stop[0], seed);
  }
  close(rounds[1]);
  close(stop[0]);
  return (struct worker){process, rounds[0], stop[1]};
}

static void wait_for_rounds(const struct worker* worker, int count) {
  char done;
  while (count-- > 0) CHECK(read(worker->rounds, &done, 1) == 1);
}

static int end(const struct worker* worker) {
  int status;
  CHECK(waitpid(worker->process, &status, 0) == worker->process);
  close(worker->stop);
  close(worker->rounds);
  return status;
}

int main(void) {
  struct worker workers[WORKERS];
  uint32_t seed = 1;
  int ended = 0;
  one_shot(60000, 6, 1);
  stream_begin(&begun, 1);
  stream_step(&begun);
  for (int number = 0; number < WORKERS; number++) workers[number] = start(seed++);
  for (int generation = 0; generation < GENERATIONS; generation++) {
    for (int number = 0; number < WORKERS; number++) {
      wait_for_rounds(&workers[number], ROUNDS);
      /* Wherever it is: the next round has begun. */
      CHECK(kill(workers[number].process, SIGKILL) == 0);
      int status = end(&workers[number]);
      CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
      workers[number] = start(seed++);
      one_shot(50000, 6, seed);
    }
  }
  for (int number = 0; number < WORKERS; number++) {
    wait_for_rounds(&workers[number], ROUNDS);
    CHECK(write(workers[number].stop, "!", 1) == 1);
    int status = end(&workers[number]);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ended++;
  }
  stream_step(&begun);
  stream_finish(&begun);
  printf("%d\n", ended);
  return 0;
}
