// A few bytes at the end of a vector, with zeros in front, and nothing read beside them.
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_LOAD_AT_END_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_LOAD_AT_END_HPP_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wd/version.hpp"

#ifndef WD_TARGET
#error "the including file defines WD_TARGET, the attribute of its functions"
#endif

WD_NAMESPACE_BEGIN

// Unnamed, in a header: each variant has its own, compiled for its own instructions.
namespace {

template <class Word>
WD_TARGET inline std::uint64_t load_word(const std::uint8_t* data) noexcept {
  Word word;
  std::memcpy(&word, data, sizeof(word));
  return word;
}

inline constexpr std::size_t kVectorAtEndFrom = 4;

// 4 to 15 bytes, in two words that may overlap: bytes in both are the same.
WD_TARGET inline __m128i load_at_end(const std::uint8_t* data, std::size_t bytes) noexcept {
  std::uint64_t before = 0;
  std::uint64_t last = 0;
  if (bytes < 8) {
    last = load_word<std::uint32_t>(data + bytes - 4) << 32 | load_word<std::uint32_t>(data)
                                                                  << (8 * (8 - bytes));
  } else {
    last = load_word<std::uint64_t>(data + bytes - 8);
    // In two steps, for a shift by 64 is none.
    before = load_word<std::uint64_t>(data) << (8 * (15 - bytes)) << 8;
  }
  return _mm_set_epi64x(static_cast<long long>(last), static_cast<long long>(before));
}

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_LOAD_AT_END_HPP_
