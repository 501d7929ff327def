/* Forks with streams in progress. Prints a line "PID deflate-calls bytes inflate-calls bytes" for
 * every process that ends normally: what WD_STATS must say of it, with counters that start at zero
 * in a child. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zlib_stream.h"

enum { CHILDREN = 40, THREADS = 4, CHILDREN_OF_THREADED = 150 };

extern char** environ;
static struct stream_pair first, second;

static void say_counts(unsigned deflates, unsigned long in, unsigned inflates, unsigned long out) {
  printf("%d %u %lu %u %lu\n", (int)getpid(), deflates, in, inflates, out);
  CHECK(fflush(stdout) == 0);
}

static void wait_for(pid_t child) {
  int status;
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A child goes on with both streams, which its parent goes on with too. */
static void child_goes_on(int number) {
  size_t left = STREAM_BYTES - first.deflated + STREAM_BYTES - second.deflated;
  one_shot(20000, 1 + number % 9, (uint32_t)number);
  stream_step(&first);
  stream_finish(&first);
  stream_finish(&second);
  say_counts(4, left + 20000, 4, left + 20000);
  exit(0);
}

/* fork() by the system call, as sandboxes and runtimes do: no fork handler runs. */
static pid_t raw_fork(void) {
  return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void streams_in_progress(void) {
  unsigned calls = 0;
  stream_begin(&first, 1);
  stream_begin(&second, 2);
  for (int number = 0; number < CHILDREN; number++) {
    if (number % 5 == 0 && first.deflated < 8 * STREAM_PIECE) {
      stream_step(&first);
      calls++;
    }
    pid_t child = number % 2 ? raw_fork() : fork();
    if (child == 0) child_goes_on(number);
    wait_for(child);
  }
  stream_finish(&first);
  stream_step(&second);
  stream_finish(&second);
  say_counts(calls + 3, 2 * STREAM_BYTES, calls + 3, 2 * STREAM_BYTES);
}

static void grandchildren(void) {
  pid_t child = fork();
  if (child == 0) {
    one_shot(1000, 6, 1);
    for (int number = 0; number < 3; number++) {
      pid_t grandchild = fork();
      if (grandchild == 0) {
        one_shot(3000, 6, 2);
        one_shot(4000, 6, 2);
        say_counts(2, 7000, 2, 7000);
        exit(0);
      }
      wait_for(grandchild);
    }
    say_counts(1, 1000, 1, 1000);
    exit(0);
  }
  wait_for(child);
  say_counts(0, 0, 0, 0);
}

static atomic_bool stop;

static void* busy(void* argument) {
  struct stream_pair* pair = malloc(sizeof *pair);
  CHECK(pair);
  for (uint32_t round = 0; !stop; round++) {
    one_shot(30000, 1 + (int)(round % 9), (uint32_t)(uintptr_t)argument + round);
    stream_begin(pair, round);
    stream_step(pair);
    stream_finish(pair);
  }
  free(pair);
  return NULL;
}

/* Whatever the threads hold at the moment of a fork, the child has it as it was and nobody to give
 * it back. */
static void threads_at_work(void) {
  pthread_t threads[THREADS];
  for (uintptr_t number = 0; number < THREADS; number++)
    CHECK(pthread_create(&threads[number], NULL, busy, (void*)number) == 0);
  for (int number = 0; number < CHILDREN_OF_THREADED; number++) {
    pid_t child = number % 3 ? fork() : raw_fork();
    if (child == 0) {
      alarm(60);
      one_shot(10000, 1 + number % 9, (uint32_t)number);
      _exit(0);
    }
    wait_for(child);
  }
  stop = true;
  for (int number = 0; number < THREADS; number++) CHECK(pthread_join(threads[number], NULL) == 0);
}

static void spawned(const char* self) {
  char* const arguments[] = {(char*)self, "child", NULL};
  one_shot(5000, 6, 1);
  for (int number = 0; number < 10; number++) {
    pid_t child;
    if (number % 2) {
      CHECK(posix_spawn(&child, self, NULL, NULL, arguments, environ) == 0);
    } else {
      child = vfork();
      if (child == 0) {
        execve(self, arguments, environ);
        _exit(1);
      }
    }
    wait_for(child);
    one_shot(5000, 6, 1);
  }
  say_counts(11, 55000, 11, 55000);
}

int main(int count, char** arguments) {
  CHECK(count == 2);
  const char* way = arguments[1];
  if (!strcmp(way, "streams"))
    streams_in_progress();
  else if (!strcmp(way, "grandchildren"))
    grandchildren();
  else if (!strcmp(way, "threads"))
    threads_at_work();
  else if (!strcmp(way, "spawned"))
    spawned(arguments[0]);
  else if (!strcmp(way, "child")) {
    one_shot(6000, 6, 1);
    say_counts(1, 6000, 1, 6000);
  } else
    return 2;
  return 0;
}
