// CRC-32 and Adler-32 as their RFCs define them, a bit and a byte at a time.
#ifndef WD_TESTS_UNIT_CHECKSUM_DEFINITIONS_HPP_
#define WD_TESTS_UNIT_CHECKSUM_DEFINITIONS_HPP_

#include <cstdint>
#include <span>

namespace wd::test {

// RFC 1952, 8.
inline std::uint32_t crc32_by_definition(std::uint32_t so_far, std::span<const std::uint8_t> data) {
  std::uint32_t crc = ~so_far;
  for (const std::uint8_t byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
  }
  return ~crc;
}

// RFC 1950, 8.2.
inline std::uint32_t adler32_by_definition(std::uint32_t so_far,
                                           std::span<const std::uint8_t> data) {
  std::uint32_t s1 = so_far & 0xffff;
  std::uint32_t s2 = so_far >> 16;
  for (const std::uint8_t byte : data) {
    s1 = (s1 + byte) % 65521;
    s2 = (s2 + s1) % 65521;
  }
  return s2 << 16 | s1;
}

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_CHECKSUM_DEFINITIONS_HPP_
