#define WD_TARGET  // nothing: these vectors are of the baseline

#include <arm_neon.h>

#include "software/checksum/adler32_vectors.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Asimd {
  using Vector = uint32x4_t;
  static constexpr unsigned kBytes = 16;

  static Vector load(const std::uint8_t* data) noexcept {
    return vreinterpretq_u32_u8(vld1q_u8(data));
  }
  static Vector keep_where_positive(Vector where, Vector data) noexcept {
    return vandq_u32(data, vreinterpretq_u32_u8(vcgtzq_s8(vreinterpretq_s8_u32(where))));
  }
  static Vector add(Vector a, Vector b) noexcept { return vaddq_u32(a, b); }
  static Vector add_bytes(Vector sums, Vector data) noexcept {
    return vpadalq_u16(sums, vpaddlq_u8(vreinterpretq_u8_u32(data)));
  }
  // Two products of a byte and a weight are at most 255 * (64 + 56), which fits into 16 bits.
  static Vector add_weighted(Vector sums, Vector data, Vector weights) noexcept {
    const uint8x16_t bytes = vreinterpretq_u8_u32(data);
    const uint8x16_t factors = vreinterpretq_u8_u32(weights);
    const uint16x8_t products = vmull_u8(vget_low_u8(bytes), vget_low_u8(factors));
    return vpadalq_u16(sums, vmlal_high_u8(products, bytes, factors));
  }
  static void add_blocks(AdlerSums<Asimd>& sums, const std::uint8_t* data,
                         std::size_t blocks) noexcept {
    wd::add_blocks(sums, data, blocks);
  }
  static std::uint32_t total(Vector sums) noexcept { return vaddvq_u32(sums); }
};

}  // namespace

std::uint32_t adler32_asimd(std::uint32_t so_far, const std::uint8_t* data,
                            std::size_t bytes) noexcept {
  if (bytes < Asimd::kBytes) return adler32_plain(so_far, data, bytes);
  return adler32_by_vectors<Asimd>(so_far, data, bytes);
}

WD_NAMESPACE_END
