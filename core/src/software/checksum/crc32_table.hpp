// Tables for CRC-32 (RFC 1952, 8), made by the compiler.
#ifndef WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_
#define WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_

#include <array>
#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// The polynomial x^32 + x^26 + ... + 1, lowest coefficient in the highest bit, x^32 left out.
inline constexpr std::uint32_t kCrc32Polynomial = 0xedb88320;

// table[k][b]: the CRC of byte b followed by k zero bytes, without the complements.
consteval std::array<std::array<std::uint32_t, 256>, 8> make_crc32_tables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kCrc32Polynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  return tables;
}

inline constexpr auto kCrc32Tables = make_crc32_tables();

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_
