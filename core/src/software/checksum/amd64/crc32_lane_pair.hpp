// Two lanes of crc32_folding.hpp in one register.
#ifndef WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_PAIR_HPP_
#define WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_PAIR_HPP_

#include "software/checksum/amd64/crc32_lane.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct LanePair {
  using Vector = __m256i;
  using Half = Lane;
  static constexpr unsigned kBytes = 32;
  static constexpr std::size_t kFrom = 256;  // below, joining costs more than is gained

  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  }
  WD_TARGET static Vector start(std::uint32_t crc) noexcept {
    return _mm256_zextsi128_si256(Lane::start(crc));
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm256_xor_si256(a, b); }
  WD_TARGET static Vector repeat(Multipliers multipliers) noexcept {
    return _mm256_broadcastsi128_si256(Lane::repeat(multipliers));
  }
  WD_TARGET static Vector fold(Vector from, Vector multipliers, Vector onto) noexcept {
    return add(onto, add(_mm256_clmulepi64_epi128(from, multipliers, 0x00),
                         _mm256_clmulepi64_epi128(from, multipliers, 0x11)));
  }
  WD_TARGET static Lane::Vector first_half(Vector v) noexcept { return _mm256_castsi256_si128(v); }
  WD_TARGET static Lane::Vector second_half(Vector v) noexcept {
    return _mm256_extracti128_si256(v, 1);
  }
};

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_AMD64_CRC32_LANE_PAIR_HPP_
