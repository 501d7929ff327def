// Time that only goes forward. The C++ library's clocks are functions in it, which plugins do not
// carry.
#ifndef WD_BASE_CLOCK_HPP_
#define WD_BASE_CLOCK_HPP_

#include <time.h>

#include <chrono>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// Since some point in the past, the same for the whole process.
using Instant = std::chrono::nanoseconds;

inline Instant instant_of(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

[[nodiscard]] inline Instant now() noexcept {
  return instant_of(CLOCK_MONOTONIC);
}
// Off by some milliseconds, and several times cheaper.
[[nodiscard]] inline Instant about_now() noexcept {
  return instant_of(CLOCK_MONOTONIC_COARSE);
}

WD_NAMESPACE_END

#endif  // WD_BASE_CLOCK_HPP_
