// 512-bit registers made of smaller ones and taken apart. Not by intrinsics: those of GCC 12 warn
// of what they do themselves (its bug 105593).
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_ZMM_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_ZMM_HPP_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

#ifndef WD_TARGET
#error "the including file defines WD_TARGET, the attribute of its functions"
#endif

WD_NAMESPACE_BEGIN

namespace {

// Not by intrinsics: those of GCC 12 warn of what they do themselves (its bug 105593).
WD_TARGET inline __m256i first_half_of(__m512i v) noexcept {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3);
}
WD_TARGET inline __m256i second_half_of(__m512i v) noexcept {
  return __builtin_shufflevector(v, v, 4, 5, 6, 7);
}
WD_TARGET inline __m512i four_of(__m128i v) noexcept {
  return __builtin_shufflevector(v, v, 0, 1, 0, 1, 0, 1, 0, 1);
}

// Each load that is not aligned touches two lines of the cache. That is a quarter of the speed of a
// long message, but a short one is done before it has come to an aligned address.
inline constexpr std::size_t kAlignFromBytes = 8192;

inline std::size_t bytes_to_alignment(const std::uint8_t* data) noexcept {
  return -reinterpret_cast<std::uintptr_t>(data) % sizeof(__m512i);
}

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_ZMM_HPP_
