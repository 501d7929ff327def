// Vectors of 32 bytes for adler32_vectors.hpp.
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_YMM_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_YMM_HPP_

#include "software/checksum/amd64/adler32_xmm.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Ymm {
  using Vector = __m256i;
  static constexpr unsigned kBytes = 32;
  // Below, two vectors of half the width are as fast.
  static constexpr std::size_t kFrom = 128;

  WD_TARGET static Vector zero() noexcept { return _mm256_setzero_si256(); }
  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  }
  WD_TARGET static Vector keep_where_positive(Vector where, Vector data) noexcept {
    return _mm256_and_si256(data, _mm256_cmpgt_epi8(where, zero()));
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm256_add_epi32(a, b); }
  WD_TARGET static Vector add_bytes(Vector sums, Vector data) noexcept {
    return add(sums, _mm256_sad_epu8(data, zero()));
  }
  WD_TARGET static Vector add_weighted(Vector sums, Vector data, Vector weights) noexcept {
    return add(sums, _mm256_madd_epi16(_mm256_maddubs_epi16(data, weights), _mm256_set1_epi16(1)));
  }
  WD_TARGET static void add_blocks(AdlerSums<Ymm>& sums, const std::uint8_t* data,
                                   std::size_t blocks) noexcept {
    wd::add_blocks(sums, data, blocks);
  }
  WD_TARGET static std::uint32_t total(Vector sums) noexcept {
    return Xmm::total(Xmm::add(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
  }
};

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_ADLER32_YMM_HPP_
