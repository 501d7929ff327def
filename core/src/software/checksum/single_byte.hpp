// Checksums of one byte, inline: callers that sum up byte by byte pay for a call as it is.
#ifndef WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_
#define WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_

#include <cstdint>

#include "software/checksum/crc32_table.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::uint32_t kAdlerModulus =
    65521;  // the largest prime below 2^16 (RFC 1950, 8.2)

inline std::uint32_t crc32_of_byte(std::uint32_t crc, std::uint8_t byte) noexcept {
  crc = ~crc;
  return ~((crc >> 8) ^ kCrc32Tables[0][(crc ^ byte) & 0xff]);
}

inline std::uint32_t adler32_of_byte(std::uint32_t adler, std::uint8_t byte) noexcept {
  std::uint32_t sum = (adler & 0xffff) + byte;
  if (sum >= kAdlerModulus) sum -= kAdlerModulus;
  std::uint32_t sum_of_sums = (adler >> 16) + sum;
  if (sum_of_sums >= kAdlerModulus) sum_of_sums -= kAdlerModulus;
  return sum_of_sums << 16 | sum;
}

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_
