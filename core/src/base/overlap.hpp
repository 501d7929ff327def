// Whether two buffers share memory.
#ifndef WD_BASE_OVERLAP_HPP_
#define WD_BASE_OVERLAP_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

[[nodiscard]] inline bool overlap(const void* a, std::size_t a_bytes, const void* b,
                                  std::size_t b_bytes) noexcept {
  const auto a_begin = reinterpret_cast<std::uintptr_t>(a);
  const auto b_begin = reinterpret_cast<std::uintptr_t>(b);
  return a_begin < b_begin + b_bytes && b_begin < a_begin + a_bytes;
}

WD_NAMESPACE_END

#endif  // WD_BASE_OVERLAP_HPP_
