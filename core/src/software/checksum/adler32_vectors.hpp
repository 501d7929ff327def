// Adler-32 (RFC 1950, 8.2) with vectors of any width: included by one file per variant, which says
// with WD_TARGET what its functions are compiled for.
//
// Over n bytes b0, b1, ... the plain sum grows by all of them, the sum of sums by n times the plain
// sum before them and by n b0 + (n - 1) b1 + ... So of each block of 64 bytes three sums are kept
// in vectors: of the bytes, of the bytes weighted by 64 to 1, and of the byte sums before each
// block, which count 64 times. What does not fill a block comes first, where it disturbs nothing.
#ifndef WD_SOFTWARE_CHECKSUM_ADLER32_VECTORS_HPP_
#define WD_SOFTWARE_CHECKSUM_ADLER32_VECTORS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>

#include "software/checksum/single_byte.hpp"

#ifndef WD_TARGET
#error "the including file defines WD_TARGET, the attribute of its functions"
#endif

WD_NAMESPACE_BEGIN

// Unnamed, in a header: each variant has its own, compiled for its own instructions.
namespace {

constexpr unsigned kBlockBytes = 64;

// Sums in vectors have 32 bits, so a long message is taken in pieces. What grows fastest is the sum
// of the byte sums before each block: to half of n / 64 times 255 n.
constexpr std::size_t kPieceBytes = 32768;
constexpr std::uint64_t kLargestPiece = kPieceBytes + kBlockBytes - 1;
static_assert(255 * kLargestPiece * kLargestPiece / (2 * kBlockBytes) <= 0xffffffff);

// Read at 64 - n: n, n - 1, ..., 1, and then zeros.
consteval std::array<std::int8_t, 2 * kBlockBytes> make_weights() {
  std::array<std::int8_t, 2 * kBlockBytes> weights{};
  for (unsigned i = 0; i < kBlockBytes; ++i) weights[i] = static_cast<std::int8_t>(kBlockBytes - i);
  return weights;
}
alignas(kBlockBytes) constexpr auto kWeights = make_weights();

// No initialisers: the constructor that they ask for would be compiled for the baseline.
template <class Lanes>
struct AdlerSums {
  typename Lanes::Vector bytes;
  typename Lanes::Vector before;
  typename Lanes::Vector weighted;
};

template <class Lanes>
WD_TARGET inline typename Lanes::Vector weights_at(unsigned at) noexcept {
  return Lanes::load(reinterpret_cast<const std::uint8_t*>(kWeights.data()) + at);
}

template <class Lanes>
WD_TARGET inline void add_vector(AdlerSums<Lanes>& sums, typename Lanes::Vector data,
                                 unsigned weights) noexcept {
  sums.bytes = Lanes::add_bytes(sums.bytes, data);
  sums.weighted = Lanes::add_weighted(sums.weighted, data, weights_at<Lanes>(weights));
}

// The first n % 64 bytes, of which the first n % (width of a vector) are read together with those
// behind them, for there is one whole vector at least.
template <class Lanes>
WD_TARGET inline void add_less_than_a_block(AdlerSums<Lanes>& sums, const std::uint8_t* data,
                                            unsigned bytes) noexcept {
  const unsigned odd = bytes % Lanes::kBytes;
  if (odd != 0)
    add_vector(sums,
               Lanes::keep_where_positive(weights_at<Lanes>(kBlockBytes - odd), Lanes::load(data)),
               kBlockBytes - bytes);
  for (unsigned at = odd; at < bytes; at += Lanes::kBytes)
    add_vector(sums, Lanes::load(data + at), kBlockBytes - bytes + at);
}

template <class Lanes, unsigned kFrom = 0>
WD_TARGET inline void add_block(AdlerSums<Lanes>& sums, const std::uint8_t* data) noexcept {
  if constexpr (kFrom < kBlockBytes) {
    add_vector(sums, Lanes::load(data + kFrom), kFrom);
    add_block<Lanes, kFrom + Lanes::kBytes>(sums, data);
  }
}

template <class Lanes>
WD_TARGET inline void add_blocks(AdlerSums<Lanes>& sums, const std::uint8_t* data,
                                 std::size_t blocks) noexcept {
  for (; blocks != 0; --blocks, data += kBlockBytes) {
    sums.before = Lanes::add(sums.before, sums.bytes);
    add_block(sums, data);
  }
}

// At least one vector, and at most kLargestPiece bytes; `Sum` has room for the sum of sums.
template <class Lanes, class Sum>
WD_TARGET inline std::uint32_t adler32_of_piece(std::uint32_t adler, const std::uint8_t* data,
                                                std::size_t bytes) noexcept {
  AdlerSums<Lanes> sums{};
  const unsigned first = bytes % kBlockBytes;
  add_less_than_a_block(sums, data, first);
  const std::uint32_t sum = adler & 0xffff;
  Sum sum_of_sums = (adler >> 16) + Sum{sum} * static_cast<std::uint32_t>(bytes);
  if (bytes >= kBlockBytes) {
    Lanes::add_blocks(sums, data + first, bytes / kBlockBytes);
    sum_of_sums += Sum{kBlockBytes} * Lanes::total(sums.before);
  }
  sum_of_sums += Lanes::total(sums.weighted);
  return static_cast<std::uint32_t>(sum_of_sums % kAdlerModulus) << 16 |
         (sum + Lanes::total(sums.bytes)) % kAdlerModulus;
}

template <class Lanes>
WD_TARGET inline std::uint32_t adler32_by_vectors(std::uint32_t adler, const std::uint8_t* data,
                                                  std::size_t bytes) noexcept {
  if (bytes <= kAdlerSumsBytes) return adler32_of_piece<Lanes, std::uint32_t>(adler, data, bytes);
  // Only the first piece is no whole number of blocks, and it is never less than one.
  std::size_t piece = bytes % kPieceBytes;
  if (piece < kBlockBytes) piece += kPieceBytes;
  for (;;) {
    adler = adler32_of_piece<Lanes, std::uint64_t>(adler, data, piece);
    data += piece;
    bytes -= piece;
    if (bytes == 0) return adler;
    piece = kPieceBytes;
  }
}

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_ADLER32_VECTORS_HPP_
