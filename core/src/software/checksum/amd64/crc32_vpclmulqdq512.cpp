#define WD_TARGET __attribute__((target("pclmul,vpclmulqdq,avx2,avx512f,avx512vl")))

#include "software/checksum/amd64/crc32_lane_pair.hpp"
#include "software/checksum/amd64/zmm.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct FourLanes {
  using Vector = __m512i;
  using Half = LanePair;
  static constexpr unsigned kBytes = 64;
  static constexpr std::size_t kFrom = 4 * kBytes;

  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm512_loadu_si512(data);
  }
  WD_TARGET static Vector start(std::uint32_t crc) noexcept {
    return _mm512_zextsi128_si512(Lane::start(crc));
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm512_xor_si512(a, b); }
  WD_TARGET static Vector repeat(Multipliers multipliers) noexcept {
    return four_of(Lane::repeat(multipliers));
  }
  WD_TARGET static Vector fold(Vector from, Vector multipliers, Vector onto) noexcept {
    constexpr int kSumOfThree = 0x96;  // the truth table of exclusive or
    return _mm512_ternarylogic_epi64(onto, _mm512_clmulepi64_epi128(from, multipliers, 0x00),
                                     _mm512_clmulepi64_epi128(from, multipliers, 0x11),
                                     kSumOfThree);
  }
  WD_TARGET static LanePair::Vector first_half(Vector v) noexcept { return first_half_of(v); }
  WD_TARGET static LanePair::Vector second_half(Vector v) noexcept { return second_half_of(v); }
};

}  // namespace

WD_TARGET std::uint32_t crc32_vpclmulqdq512(std::uint32_t so_far, const std::uint8_t* data,
                                            std::size_t bytes) noexcept {
  if (bytes >= kAlignFromBytes) {
    const std::size_t first = bytes_to_alignment(data);
    so_far = crc32_by_folding<Lane, Lane>(so_far, data, first);
    data += first;
    bytes -= first;
  }
  return crc32_by_folding<FourLanes, Lane>(so_far, data, bytes);
}

WD_NAMESPACE_END
