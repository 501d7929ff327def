#include "clocks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace wd::bench {
namespace {

// What the kernel says of a thread: nanoseconds that it ran, that it waited for a CPU, and how
// often it ran.
double waited_for_cpu() {
  thread_local const int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  char line[96];
  const ssize_t size = fd >= 0 ? pread(fd, line, sizeof(line) - 1, 0) : -1;
  if (size <= 0) return 0;  // a kernel that does not count it
  line[size] = '\0';
  char* at = nullptr;
  std::strtoull(line, &at, 10);
  return 1e-9 * static_cast<double>(std::strtoull(at, nullptr, 10));
}

}  // namespace

double elapsed_seconds() {
  return seconds_of(CLOCK_MONOTONIC) - waited_for_cpu();
}

}  // namespace wd::bench
