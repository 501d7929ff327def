// One lane of crc32_folding.hpp on amd64, and what is done before and behind folding.
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_HPP_

#include <immintrin.h>

#include "software/checksum/amd64/load_at_end.hpp"
#include "software/checksum/crc32_folding.hpp"
#include "software/checksum/single_byte.hpp"

WD_NAMESPACE_BEGIN

namespace {

// Indices for PSHUFB, which makes 0 of those above 127: read at 16 + n they move a vector down by n
// bytes, read at n up by 16 - n.
alignas(16) constexpr std::uint8_t kMoves[48] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  //
    0,   1,   2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  12,  13,  14,  15,   //
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

struct Lane {
  using Vector = __m128i;
  static constexpr unsigned kBytes = 16;
  static constexpr std::size_t kFrom = 4 * kBytes;

  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
  }
  WD_TARGET static Vector start(std::uint32_t crc) noexcept {
    return _mm_cvtsi32_si128(static_cast<int>(crc));
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm_xor_si128(a, b); }
  WD_TARGET static Vector repeat(Multipliers multipliers) noexcept {
    return _mm_set_epi64x(multipliers.of_second_word, multipliers.of_first_word);
  }
  WD_TARGET static Vector fold(Vector from, Vector multipliers, Vector onto) noexcept {
    return add(onto, add(_mm_clmulepi64_si128(from, multipliers, 0x00),
                         _mm_clmulepi64_si128(from, multipliers, 0x11)));
  }

  // The remainder of x^32 times `sum`, which is what the CRC is.
  //
  // With sum = A x^64 + B, x^32 sum has the remainder of U = A (x^96 mod P) + B x^32, degree 95.
  // Then Barrett: U = V x^32 + W, and the quotient of V x^32 and P is that of V floor(x^96 / P) and
  // x^64. This is exact: the fractions that are left out are of degree below 0, and there are no
  // carries. P times the quotient differs from V x^32 by the remainder, below x^32.
  WD_TARGET static std::uint32_t remainder(Vector sum) noexcept {
    // As in folding, the product comes out multiplied by x. U has its x^0 in bit 95.
    const Vector x95 = _mm_cvtsi32_si128(static_cast<int>(power_of_x(95)));
    return remainder_of_95(
        add(_mm_clmulepi64_si128(sum, x95, 0x00), _mm_srli_si128(sum, sizeof(std::uint64_t))));
  }

  // The last `bytes`, fewer than sixteen: `sum` and they are moved together, so that they fill a
  // whole vector and the part of `sum` before it is folded. Read from where they end, so that
  // nothing behind them is.
  WD_TARGET static std::uint32_t finish(Vector sum, const std::uint8_t* data,
                                        std::size_t bytes) noexcept {
    if (bytes != 0) {
      const Vector up = load(kMoves + bytes);
      const Vector down = load(kMoves + 16 + bytes);
      const Vector before = _mm_shuffle_epi8(sum, up);
      const Vector last =
          _mm_blendv_epi8(_mm_shuffle_epi8(sum, down), load(data + bytes - kBytes), down);
      sum = fold(before, repeat(multipliers_for(kBytes)), last);
    }
    return remainder(sum);
  }

  // Fewer than sixteen bytes, put at the end of a vector: zeros in front change no remainder.
  WD_TARGET static std::uint32_t crc32_short(std::uint32_t crc, const std::uint8_t* data,
                                             std::size_t bytes) noexcept {
    if (bytes < kVectorAtEndFrom) return crc32_byte_by_byte(crc, data, bytes);
    const Vector first = _mm_shuffle_epi8(start(~crc), load(kMoves + bytes));
    return ~remainder(add(load_at_end(data, bytes), first));
  }

 private:
  // x^0 in bit 95. Words of the quotient and of P have x^64 and x^32 in bit 0, as V has x^63: so
  // the products have x^0 of the quotient in bit 63, and x^0 of the remainder in bit 95.
  WD_TARGET static std::uint32_t remainder_of_95(Vector u) noexcept {
    const Vector constants =
        _mm_set_epi64x(static_cast<long long>(std::uint64_t{kCrc32Polynomial} << 1 | 1),
                       static_cast<long long>(quotient_of_x96()));
    const Vector quotient = _mm_clmulepi64_si128(u, constants, 0x00);
    return static_cast<std::uint32_t>(
        _mm_extract_epi32(add(_mm_clmulepi64_si128(quotient, constants, 0x10), u), 2));
  }
};

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_HPP_
