#include "zip/huffman.hpp"

#include <algorithm>

namespace wd::emulator::zip {

bool Huffman::build(std::span<const std::uint8_t> lengths, bool may_be_short) {
  count_.fill(0);
  fast_.fill({});
  for (const std::uint8_t length : lengths) {
    if (length > kMostBits) return false;
    ++count_[length];
  }
  int left = 1;  // codes that are free
  std::array<std::uint16_t, kMostBits + 2> first{};
  for (unsigned bits = 1; bits <= kMostBits; ++bits) {
    left = left * 2 - count_[bits];
    if (left < 0) return false;
    first[bits + 1] = static_cast<std::uint16_t>(first[bits] + count_[bits]);
  }
  const auto codes = static_cast<std::size_t>(lengths.size() - count_[0]);
  count_[0] = 0;
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
    if (lengths[symbol] != 0)
      symbols_[first[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  fill_fast(lengths);
  return left == 0 || (may_be_short && (codes == 0 || (codes == 1 && count_[1] == 1)));
}

// Every pattern that a short code begins, its bits in the order in which they come.
void Huffman::fill_fast(std::span<const std::uint8_t> lengths) {
  std::array<unsigned, kFastBits + 1> next{};
  for (unsigned bits = 1; bits < kFastBits; ++bits)
    next[bits + 1] = (next[bits] + count_[bits]) << 1;
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    const unsigned bits = lengths[symbol];
    if (bits == 0 || bits > kFastBits) continue;
    const unsigned code = next[bits]++;
    unsigned pattern = 0;
    for (unsigned bit = 0; bit < bits; ++bit) pattern |= ((code >> bit) & 1) << (bits - 1 - bit);
    for (; pattern < fast_.size(); pattern += 1U << bits)
      fast_[pattern] = {static_cast<std::uint16_t>(symbol), static_cast<std::uint8_t>(bits)};
  }
}

int Huffman::decode(std::uint64_t bits, unsigned count, unsigned& used) const {
  const Fast fast = fast_[bits & (fast_.size() - 1)];
  if (fast.bits != 0 && fast.bits <= count) {
    used = fast.bits;
    return fast.symbol;
  }
  return decode_slowly(bits, count, used);
}

// Bit by bit, as codes of one length are numbers in a row.
int Huffman::decode_slowly(std::uint64_t bits, unsigned count, unsigned& used) const {
  int code = 0;
  int first = 0;
  int index = 0;
  for (unsigned length = 1; length <= kMostBits; ++length) {
    if (length > count) return kNeedBits;
    code |= static_cast<int>((bits >> (length - 1)) & 1);
    const int codes = count_[length];
    if (code - codes < first) {
      used = length;
      return symbols_[static_cast<std::size_t>(index + code - first)];
    }
    index += codes;
    first = (first + codes) << 1;
    code <<= 1;
  }
  return kNoCode;
}

}  // namespace wd::emulator::zip
