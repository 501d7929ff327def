// Vectors of sixteen bytes for adler32_vectors.hpp.
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_XMM_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_XMM_HPP_

#include <immintrin.h>

#include "software/checksum/adler32_vectors.hpp"
#include "software/checksum/amd64/load_at_end.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Xmm {
  using Vector = __m128i;
  static constexpr unsigned kBytes = 16;

  WD_TARGET static Vector zero() noexcept { return _mm_setzero_si128(); }
  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
  }
  WD_TARGET static Vector keep_where_positive(Vector where, Vector data) noexcept {
    return _mm_and_si128(data, _mm_cmpgt_epi8(where, zero()));
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm_add_epi32(a, b); }
  WD_TARGET static Vector add_bytes(Vector sums, Vector data) noexcept {
    return add(sums, _mm_sad_epu8(data, zero()));
  }
  // Two products of a byte and a weight are at most 255 * (64 + 63), which fits into 15 bits.
  WD_TARGET static Vector add_weighted(Vector sums, Vector data, Vector weights) noexcept {
    return add(sums, _mm_madd_epi16(_mm_maddubs_epi16(data, weights), _mm_set1_epi16(1)));
  }
  WD_TARGET static void add_blocks(AdlerSums<Xmm>& sums, const std::uint8_t* data,
                                   std::size_t blocks) noexcept {
    wd::add_blocks(sums, data, blocks);
  }
  WD_TARGET static std::uint32_t total(Vector sums) noexcept {
    const Vector two = add(sums, _mm_shuffle_epi32(sums, _MM_SHUFFLE(1, 0, 3, 2)));
    const Vector one = add(two, _mm_shuffle_epi32(two, _MM_SHUFFLE(2, 3, 0, 1)));
    return static_cast<std::uint32_t>(_mm_cvtsi128_si32(one));
  }

  // Fewer than sixteen bytes, put at the end of a vector: zeros in front add nothing.
  WD_TARGET static std::uint32_t adler32_short(std::uint32_t adler, const std::uint8_t* data,
                                               std::size_t bytes) noexcept {
    if (bytes < kVectorAtEndFrom) return adler32_byte_by_byte(adler, data, bytes);
    AdlerSums<Xmm> sums{};
    add_vector(sums, load_at_end(data, bytes), kBlockBytes - kBytes);
    const std::uint32_t sum = adler & 0xffff;
    const std::uint32_t sum_of_sums =
        (adler >> 16) + sum * static_cast<std::uint32_t>(bytes) + total(sums.weighted);
    return (sum_of_sums % kAdlerModulus) << 16 | (sum + total(sums.bytes)) % kAdlerModulus;
  }
};

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_XMM_HPP_
