#ifndef WD_BENCH_COMPARE_CPU_CLOCK_HPP_
#define WD_BENCH_COMPARE_CPU_CLOCK_HPP_

#include <ctime>

namespace wd::bench {

// CPU seconds of this thread: what other programs on the machine take is not counted.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_CPU_CLOCK_HPP_
