// Tables for CRC-32 (RFC 1952, 8), made by the compiler.
#ifndef WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_
#define WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_

#include <array>
#include <cstddef>
#include <cstdint>

#include "software/checksum/crc32_polynomial.hpp"

WD_NAMESPACE_BEGIN

using Crc32Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: the CRC of byte b followed by `zeros` + k zero bytes, without the complements.
consteval Crc32Tables make_crc32_tables(std::size_t zeros) {
  Crc32Tables tables{};
  std::array<std::uint32_t, 256> of_byte{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    of_byte[byte] = byte;
    for (int bit = 0; bit < 8; ++bit) of_byte[byte] = polynomial_times_x(of_byte[byte]);
  }
  std::array<std::uint32_t, 256> table = of_byte;
  for (std::size_t after = 0; after < zeros + tables.size(); ++after) {
    if (after >= zeros) tables[after - zeros] = table;
    for (std::uint32_t& crc : table) crc = (crc >> 8) ^ of_byte[crc & 0xff];
  }
  return tables;
}

inline constexpr Crc32Tables kCrc32Tables = make_crc32_tables(0);

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_CRC32_TABLE_HPP_
