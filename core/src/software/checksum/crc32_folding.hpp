// CRC-32 by folding with carry-less multiplication, for whatever width of vector: included by one
// file per variant, which says with WD_TARGET what its functions are compiled for.
//
// Sixteen bytes of the message are a polynomial of degree 127. Instead of dividing it by P it is
// added to the sixteen bytes `distance` bytes later, multiplied by x^(8 distance) mod P: the
// message gets shorter, its remainder stays. A multiplication takes 64 bits, so the first and the
// second eight bytes have a multiplier each, x^(8 distance + 64) and x^(8 distance).
//
// The product of two words whose coefficients lie in reversed order, x^0 of one in bit 63 and of
// the other in bit 31, has its x^0 in bit 94, where a reversed 128-bit word has it in bit 127. So
// it comes out multiplied by x^33, which the multipliers leave out.
#ifndef WD_SOFTWARE_CHECKSUM_CRC32_FOLDING_HPP_
#define WD_SOFTWARE_CHECKSUM_CRC32_FOLDING_HPP_

#include <cstddef>
#include <cstdint>

#include "software/checksum/crc32_polynomial.hpp"

#ifndef WD_TARGET
#error "the including file defines WD_TARGET, the attribute of its functions"
#endif

WD_NAMESPACE_BEGIN

// Unnamed, in a header: each variant has its own, compiled for its own instructions.
namespace {

struct Multipliers {
  std::uint32_t of_first_word;
  std::uint32_t of_second_word;
};

consteval Multipliers multipliers_for(unsigned distance_bytes) {
  return {power_of_x(8 * distance_bytes + 64 - 33), power_of_x(8 * distance_bytes - 33)};
}

// One lane left of several.
template <class Lanes>
WD_TARGET inline auto join_lanes(typename Lanes::Vector lanes) noexcept {
  if constexpr (requires { typename Lanes::Half; }) {
    using Half = typename Lanes::Half;
    const auto multipliers = Half::repeat(multipliers_for(Half::kBytes));
    return join_lanes<Half>(
        Half::fold(Lanes::first_half(lanes), multipliers, Lanes::second_half(lanes)));
  } else {
    return lanes;
  }
}

// Folds as many whole vectors as there are, four at least, to sixteen bytes. A multiplication takes
// long, but the next can start at once: four vectors are under way.
template <class Lanes>
WD_TARGET inline auto fold_vectors(std::uint32_t crc, const std::uint8_t*& data,
                                   std::size_t& bytes) noexcept {
  constexpr std::size_t kBytes = Lanes::kBytes;
  auto a = Lanes::add(Lanes::load(data), Lanes::start(crc));
  auto b = Lanes::load(data + kBytes);
  auto c = Lanes::load(data + 2 * kBytes);
  auto d = Lanes::load(data + 3 * kBytes);
  const std::uint8_t* at = data + 4 * kBytes;
  std::size_t left = bytes - 4 * kBytes;
  const auto four_on = Lanes::repeat(multipliers_for(4 * Lanes::kBytes));
  for (; left >= 4 * kBytes; left -= 4 * kBytes, at += 4 * kBytes) {
    a = Lanes::fold(a, four_on, Lanes::load(at));
    b = Lanes::fold(b, four_on, Lanes::load(at + kBytes));
    c = Lanes::fold(c, four_on, Lanes::load(at + 2 * kBytes));
    d = Lanes::fold(d, four_on, Lanes::load(at + 3 * kBytes));
  }
  const auto one_on = Lanes::repeat(multipliers_for(Lanes::kBytes));
  d = Lanes::fold(c, one_on, d);
  d = Lanes::fold(b, Lanes::repeat(multipliers_for(2 * Lanes::kBytes)), d);
  d = Lanes::fold(a, Lanes::repeat(multipliers_for(3 * Lanes::kBytes)), d);
  for (; left >= kBytes; left -= kBytes, at += kBytes) d = Lanes::fold(d, one_on, Lanes::load(at));
  data = at;
  bytes = left;
  return join_lanes<Lanes>(d);
}

// `Narrow` is one lane wide and knows how to begin with less and to end; `Wide` may be the same.
// kFrom says from how many bytes on four vectors pay.
template <class Wide, class Narrow>
WD_TARGET inline std::uint32_t crc32_by_folding(std::uint32_t crc, const std::uint8_t* data,
                                                std::size_t bytes) noexcept {
  if (bytes < Narrow::kBytes) return Narrow::crc32_short(crc, data, bytes);
  crc = ~crc;
  typename Narrow::Vector sum;
  if (bytes >= Wide::kFrom) {
    sum = fold_vectors<Wide>(crc, data, bytes);
  } else if (bytes >= Narrow::kFrom) {
    sum = fold_vectors<Narrow>(crc, data, bytes);
  } else {
    sum = Narrow::add(Narrow::load(data), Narrow::start(crc));
    data += Narrow::kBytes;
    bytes -= Narrow::kBytes;
  }
  const auto one_on = Narrow::repeat(multipliers_for(Narrow::kBytes));
  for (; bytes >= Narrow::kBytes; bytes -= Narrow::kBytes, data += Narrow::kBytes)
    sum = Narrow::fold(sum, one_on, Narrow::load(data));
  return ~Narrow::finish(sum, data, bytes);
}

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_CRC32_FOLDING_HPP_
