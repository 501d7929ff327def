#ifndef WD_BENCH_PATH_SYSTEM_CALLS_HPP_
#define WD_BENCH_PATH_SYSTEM_CALLS_HPP_

#include <cstdint>
#include <optional>

#include "row.hpp"

namespace wd::bench {

// System calls of all threads, device's included, while requests flow: as strace saw them, in
// windows of some thousand requests each.
struct SystemCallCount {
  unsigned windows = 0;
  unsigned silent_windows = 0;  // without any
  std::uint64_t requests = 0;
  std::uint64_t calls = 0;
};

// Nothing if there is no strace, or it may not trace.
std::optional<SystemCallCount> count_system_calls(const Row& row);

// What is traced: lets requests flow and prints when each window began and ended.
void flow(const Row& row);

// A verdict for a test, as exit code: 0, 1, or 77 where it cannot be had.
int check_system_calls();

}  // namespace wd::bench

#endif  // WD_BENCH_PATH_SYSTEM_CALLS_HPP_
