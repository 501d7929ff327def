// Writes DEFLATE streams by hand, a field at a time (RFC 1951, 3.1.1): numbers lowest bit first,
// codes highest bit first.
#ifndef WD_TESTS_SUITE_DEFLATE_BITS_HPP_
#define WD_TESTS_SUITE_DEFLATE_BITS_HPP_

#include <cstdint>

#include "fixtures/sample_bytes.hpp"

namespace wd::test {

class DeflateBits {
 public:
  DeflateBits& number(unsigned value, unsigned bits) {
    for (unsigned i = 0; i < bits; ++i) put((value >> i) & 1);
    return *this;
  }
  DeflateBits& code(unsigned value, unsigned bits) {
    while (bits-- != 0) put((value >> bits) & 1);
    return *this;
  }
  // BFINAL, BTYPE.
  DeflateBits& block(bool final, unsigned type) { return number(final, 1).number(type, 2); }
  DeflateBits& stored(bool final, const Bytes& bytes) {
    const auto length = static_cast<unsigned>(bytes.size());
    block(final, 0).align().number(length, 16).number(~length, 16);
    for (const std::uint8_t byte : bytes) number(byte, 8);
    return *this;
  }
  // A literal or length in the fixed code (RFC 1951, 3.2.6).
  DeflateBits& fixed(unsigned symbol) {
    if (symbol < 144) return code(0x30 + symbol, 8);
    if (symbol < 256) return code(0x190 + symbol - 144, 9);
    if (symbol < 280) return code(symbol - 256, 7);
    return code(0xc0 + symbol - 280, 8);
  }
  DeflateBits& fixed_distance(unsigned symbol) { return code(symbol, 5); }
  DeflateBits& align() {
    while (used_ % 8 != 0) put(0);
    return *this;
  }
  // What has been written, the last byte filled up with zeros.
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  void put(unsigned bit) {
    if (used_ % 8 == 0) bytes_.push_back(0);
    bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | bit << used_ % 8);
    ++used_;
  }

  Bytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace wd::test

#endif  // WD_TESTS_SUITE_DEFLATE_BITS_HPP_
