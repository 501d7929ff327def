#include <algorithm>

#include "software/checksum/single_byte.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

std::uint32_t adler32_plain(std::uint32_t so_far, const std::uint8_t* data,
                            std::size_t bytes) noexcept {
  if (bytes < 8) return adler32_byte_by_byte(so_far, data, bytes);
  std::uint32_t sum = so_far & 0xffff;
  std::uint32_t sum_of_sums = so_far >> 16;
  while (bytes != 0) {
    std::size_t piece = std::min(bytes, kAdlerSumsBytes);
    bytes -= piece;
    // Eight bytes at a time by weights rather than one after the other: the additions of a step do
    // not wait for each other.
    for (; piece >= 8; piece -= 8, data += 8) {
      sum_of_sums += 8 * sum + 8u * data[0] + 7u * data[1] + 6u * data[2] + 5u * data[3] +
                     4u * data[4] + 3u * data[5] + 2u * data[6] + data[7];
      sum += (std::uint32_t{data[0]} + data[1] + data[2] + data[3]) +
             (std::uint32_t{data[4]} + data[5] + data[6] + data[7]);
    }
    for (; piece != 0; --piece) {
      sum += *data++;
      sum_of_sums += sum;
    }
    sum %= kAdlerModulus;
    sum_of_sums %= kAdlerModulus;
  }
  return sum_of_sums << 16 | sum;
}

WD_NAMESPACE_END
