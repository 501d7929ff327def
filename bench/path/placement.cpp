#include "placement.hpp"

#include <sched.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <string>

#include "fail.hpp"

namespace wd::bench {
namespace {

cpu_set_t allowed() {
  cpu_set_t all;
  require(sched_getaffinity(0, sizeof(all), &all) == 0, "CPUs cannot be asked for");
  return all;
}

// The `number`th of those allowed; an empty set if there are not so many.
cpu_set_t one_of(const cpu_set_t& all, unsigned number) {
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &all) && number-- == 0) {
      CPU_SET(cpu, &one);
      break;
    }
  return one;
}

void place(pid_t thread, const cpu_set_t& cpus) {
  require(sched_setaffinity(thread, sizeof(cpus), &cpus) == 0, "CPUs cannot be chosen");
}

}  // namespace

void keep_to_cpus(unsigned count) {
  const cpu_set_t all = allowed();
  cpu_set_t some;
  CPU_ZERO(&some);
  for (unsigned i = 0; i < count; ++i) {
    const cpu_set_t one = one_of(all, i);
    CPU_OR(&some, &some, &one);
  }
  place(0, some);
}

void place_apart() {
  const cpu_set_t all = allowed();
  if (CPU_COUNT(&all) < 2) return;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    const std::string name = entry.path().filename();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    place(thread, one_of(all, thread == gettid() ? 0 : 1));
  }
}

}  // namespace wd::bench
