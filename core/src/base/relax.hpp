// A turn of a loop that waits for another CPU: tells this one to save its strength.
#ifndef WD_BASE_RELAX_HPP_
#define WD_BASE_RELAX_HPP_

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

inline void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#endif
}

WD_NAMESPACE_END

#endif  // WD_BASE_RELAX_HPP_
