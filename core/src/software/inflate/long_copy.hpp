// Copies of stored data from input to output. Short ones are memmove's; for long ones, of input
// that is in no near cache, some CPUs have something faster than the C library's copy.
#ifndef WD_SOFTWARE_INFLATE_LONG_COPY_HPP_
#define WD_SOFTWARE_INFLATE_LONG_COPY_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/variant.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

// From here on the way to a variant is worth it.
inline constexpr std::size_t kLongCopyBytes = 512;

// At least kLongCopyBytes, that do not overlap.
using LongCopy = void(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;

LongCopy long_copy_plain;
LongCopy long_copy_avx512;  // amd64/

// Of this architecture, best first.
[[nodiscard]] std::span<const Variant<LongCopy>> long_copy_variants() noexcept;

// By the best variant for this CPU.
void copy_long(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;

// Any number; they may overlap, as where a stream is decoded in place.
inline void copy_stored_bytes(std::uint8_t* out, const std::uint8_t* in,
                              std::size_t bytes) noexcept {
  const auto between = reinterpret_cast<std::uintptr_t>(out) - reinterpret_cast<std::uintptr_t>(in);
  if (bytes < kLongCopyBytes || between < bytes || 0 - between < bytes) {
    std::memmove(out, in, bytes);
    return;
  }
  copy_long(out, in, bytes);
}

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_LONG_COPY_HPP_
