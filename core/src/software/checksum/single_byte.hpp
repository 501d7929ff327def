// Checksums of a byte or a few, inline: callers that sum up byte by byte pay for a call as it is.
#ifndef WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_
#define WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_

#include <cstddef>
#include <cstdint>

#include "software/checksum/crc32_table.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::uint32_t kAdlerModulus =
    65521;  // the largest prime below 2^16 (RFC 1950, 8.2)
// So many bytes of 255, from sums of 65535 on, do not yet overflow 32 bits.
inline constexpr std::size_t kAdlerSumsBytes = 5552;
static_assert(std::uint64_t{255} * kAdlerSumsBytes * (kAdlerSumsBytes + 1) / 2 +
                  65535 * (kAdlerSumsBytes + 1) <=
              0xffffffff);

inline std::uint32_t crc32_of_byte(std::uint32_t crc, std::uint8_t byte) noexcept {
  crc = ~crc;
  return ~((crc >> 8) ^ kCrc32Tables[0][(crc ^ byte) & 0xff]);
}

inline std::uint32_t crc32_byte_by_byte(std::uint32_t crc, const std::uint8_t* data,
                                        std::size_t bytes) noexcept {
  crc = ~crc;
  for (; bytes != 0; --bytes) crc = (crc >> 8) ^ kCrc32Tables[0][(crc ^ *data++) & 0xff];
  return ~crc;
}

// `sum` or, from the modulus on, the modulus less: by the borrow of the subtraction, which a
// conditional move is done with sooner than with a comparison.
inline std::uint32_t adler32_reduced_once(std::uint32_t sum) noexcept {
  std::uint32_t less;
  return __builtin_sub_overflow(sum, kAdlerModulus, &less) ? sum : less;
}

inline std::uint32_t adler32_of_byte(std::uint32_t adler, std::uint8_t byte) noexcept {
  const std::uint32_t sum = adler32_reduced_once((adler & 0xffff) + byte);
  return adler32_reduced_once((adler >> 16) + sum) << 16 | sum;
}

// At most 256 bytes: the plain sum stays below twice the modulus. One byte is summed up as zlib
// does it, which shows with starting values that are no checksums.
inline std::uint32_t adler32_byte_by_byte(std::uint32_t adler, const std::uint8_t* data,
                                          std::size_t bytes) noexcept {
  if (bytes == 1) return adler32_of_byte(adler, *data);
  std::uint32_t sum = adler & 0xffff;
  std::uint32_t sum_of_sums = adler >> 16;
  for (; bytes != 0; --bytes) {
    sum += *data++;
    sum_of_sums += sum;
  }
  return (sum_of_sums % kAdlerModulus) << 16 | adler32_reduced_once(sum);
}

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_SINGLE_BYTE_HPP_
