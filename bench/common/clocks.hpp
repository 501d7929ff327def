#ifndef WD_BENCH_COMMON_CLOCKS_HPP_
#define WD_BENCH_COMMON_CLOCKS_HPP_

#include <ctime>

namespace wd::bench {

inline double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// CPU seconds of this thread: what other programs on the machine take is not counted.
inline double cpu_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

// Seconds that pass while this thread runs or sleeps: as elapsed time, but for what it waits
// because others have the CPU.
double elapsed_seconds();

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_CLOCKS_HPP_
