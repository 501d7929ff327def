// Sleeping until a word changes, within this process.
#ifndef WD_BASE_FUTEX_HPP_
#define WD_BASE_FUTEX_HPP_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

// Returns when woken, when `word` is not `seen`, after `limit`, or for no reason. Keeps errno.
inline void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t seen,
                        std::chrono::milliseconds limit) noexcept {
  const int saved = errno;
  timespec time{};
  time.tv_sec = limit.count() / 1000;
  time.tv_nsec = limit.count() % 1000 * 1000000;
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, &time, nullptr, 0);
  errno = saved;
}

inline void wake_sleepers(std::atomic<std::uint32_t>& word) noexcept {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  errno = saved;
}

WD_NAMESPACE_END

#endif  // WD_BASE_FUTEX_HPP_
