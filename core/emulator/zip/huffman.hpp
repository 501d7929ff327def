// A Huffman code of DEFLATE, decoded from its lengths. Small rather than fast: it is made again for
// every request that goes on in the middle of a block.
#ifndef WD_EMULATOR_ZIP_HUFFMAN_HPP_
#define WD_EMULATOR_ZIP_HUFFMAN_HPP_

#include <array>
#include <cstdint>
#include <span>

namespace wd::emulator::zip {

class Huffman {
 public:
  static constexpr int kNeedBits = -1;
  static constexpr int kNoCode = -2;

  // False if the lengths say more codes than there are, or fewer: none at all or a single one may
  // be, if `may_be_short`.
  bool build(std::span<const std::uint8_t> lengths, bool may_be_short);

  // The next symbol among the lowest `count` of `bits`, and how many bits it is; or kNeedBits,
  // kNoCode.
  int decode(std::uint64_t bits, unsigned count, unsigned& used) const;

 private:
  static constexpr unsigned kMostBits = 15;
  static constexpr unsigned kFastBits = 9;

  struct Fast {
    std::uint16_t symbol;
    std::uint8_t bits;  // 0: a longer code, or none
  };

  void fill_fast(std::span<const std::uint8_t> lengths);
  int decode_slowly(std::uint64_t bits, unsigned count, unsigned& used) const;

  std::array<std::uint16_t, kMostBits + 1> count_{};
  std::array<std::uint16_t, 288> symbols_{};
  std::array<Fast, 1U << kFastBits> fast_{};
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_HUFFMAN_HPP_
