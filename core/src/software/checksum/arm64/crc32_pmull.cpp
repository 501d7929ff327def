#define WD_TARGET  // nothing: what is beyond the baseline is in assembly

#include <arm_neon.h>

#include "software/checksum/arm64/crc32_instructions.hpp"
#include "software/checksum/crc32_folding.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Lane {
  using Vector = uint64x2_t;
  static constexpr unsigned kBytes = 16;
  static constexpr std::size_t kFrom = 4 * kBytes;

  static Vector load(const std::uint8_t* data) noexcept {
    return vreinterpretq_u64_u8(vld1q_u8(data));
  }
  static Vector start(std::uint32_t crc) noexcept { return vsetq_lane_u64(crc, vdupq_n_u64(0), 0); }
  static Vector add(Vector a, Vector b) noexcept { return veorq_u64(a, b); }
  static Vector repeat(Multipliers multipliers) noexcept {
    return vcombine_u64(vcreate_u64(multipliers.of_first_word),
                        vcreate_u64(multipliers.of_second_word));
  }
  static Vector fold(Vector from, Vector multipliers, Vector onto) noexcept {
    Vector first, second;
    __asm__(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d"
            : "=w"(first)
            : "w"(from), "w"(multipliers));
    __asm__(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d"
            : "=w"(second)
            : "w"(from), "w"(multipliers));
    return add(onto, add(first, second));
  }
  static std::uint32_t crc32_short(std::uint32_t crc, const std::uint8_t* data,
                                   std::size_t bytes) noexcept {
    return ~crc32_add_bytes(~crc, data, bytes);
  }
  // The instructions divide what is left.
  static std::uint32_t finish(Vector sum, const std::uint8_t* data, std::size_t bytes) noexcept {
    const std::uint32_t first = crc32_add_word(0, vgetq_lane_u64(sum, 0));
    return crc32_add_bytes(crc32_add_word(first, vgetq_lane_u64(sum, 1)), data, bytes);
  }
};

// Below, one instruction after the other is done sooner.
constexpr std::size_t kFoldFrom = 128;

}  // namespace

std::uint32_t crc32_pmull(std::uint32_t so_far, const std::uint8_t* data,
                          std::size_t bytes) noexcept {
  if (bytes < kFoldFrom) return Lane::crc32_short(so_far, data, bytes);
  return crc32_by_folding<Lane, Lane>(so_far, data, bytes);
}

WD_NAMESPACE_END
