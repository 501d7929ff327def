// Checksums: libdeflate's SIMD code where there is enough to do for it, plain code below that,
// where a call through its dispatch would be slower than zlib's loop.
#include "wd/checksum.hpp"

#include <libdeflate.h>

#include <bit>
#include <cstring>

#include "software/checksum/crc32_table.hpp"
#include "software/checksum/single_byte.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kCrcPlainBelow = 16;
constexpr std::size_t kAdlerPlainBelow = 96;

std::uint32_t crc32_plain(std::uint32_t crc, const std::uint8_t* data, std::size_t bytes) noexcept {
  crc = ~crc;
  if constexpr (std::endian::native == std::endian::little) {
    for (; bytes >= 8; bytes -= 8, data += 8) {
      std::uint64_t word;
      std::memcpy(&word, data, 8);
      word ^= crc;
      crc = 0;
      for (std::size_t k = 0; k < 8; ++k)
        crc ^= kCrc32Tables[7 - k][static_cast<std::uint8_t>(word >> (8 * k))];
    }
  }
  for (; bytes != 0; --bytes) crc = (crc >> 8) ^ kCrc32Tables[0][(crc ^ *data++) & 0xff];
  return ~crc;
}

// For fewer bytes than could overflow 32 bits between reductions (5552).
std::uint32_t adler32_plain(std::uint32_t adler, const std::uint8_t* data,
                            std::size_t bytes) noexcept {
  std::uint32_t sum = adler & 0xffff;
  std::uint32_t sum_of_sums = adler >> 16;
  // Eight bytes at a time by weights rather than one after the other: the additions of a step do
  // not wait for each other.
  for (; bytes >= 8; bytes -= 8, data += 8) {
    sum_of_sums += 8 * sum + 8u * data[0] + 7u * data[1] + 6u * data[2] + 5u * data[3] +
                   4u * data[4] + 3u * data[5] + 2u * data[6] + data[7];
    sum += (std::uint32_t{data[0]} + data[1] + data[2] + data[3]) +
           (std::uint32_t{data[4]} + data[5] + data[6] + data[7]);
  }
  for (; bytes != 0; --bytes) {
    sum += *data++;
    sum_of_sums += sum;
  }
  // The halves of `adler` are below 2^16 each, and so sum is below 2^17 here.
  if (sum >= kAdlerModulus) sum -= kAdlerModulus;
  return (sum_of_sums % kAdlerModulus) << 16 | sum;
}

}  // namespace

std::uint32_t crc32(std::uint32_t so_far, const void* data, std::size_t bytes) noexcept {
  if (bytes < kCrcPlainBelow)
    return crc32_plain(so_far, static_cast<const std::uint8_t*>(data), bytes);
  return libdeflate_crc32(so_far, data, bytes);
}

std::uint32_t adler32(std::uint32_t so_far, const void* data, std::size_t bytes) noexcept {
  const auto* first = static_cast<const std::uint8_t*>(data);
  if (bytes == 1) return adler32_of_byte(so_far, *first);
  if (bytes < kAdlerPlainBelow) return adler32_plain(so_far, first, bytes);
  return libdeflate_adler32(so_far, data, bytes);
}

WD_NAMESPACE_END
