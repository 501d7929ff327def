#include <bit>
#include <cstring>

#include "software/checksum/single_byte.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kStreams = 4;
constexpr std::size_t kStrideBytes = kStreams * kWordBytes;

// What a word contributes to the four bytes that follow it, and to those one stride after it.
constexpr const Crc32Tables& kNext = kCrc32Tables;
constexpr Crc32Tables kStrideOn = make_crc32_tables(kStrideBytes - kWordBytes);

std::uint64_t load_word(const std::uint8_t* data) noexcept {
  std::uint64_t word;
  std::memcpy(&word, data, sizeof(word));
  return word;
}

std::uint32_t moved(std::uint64_t word, const Crc32Tables& tables) noexcept {
  const auto of_byte = [&](unsigned k) {
    return tables[7 - k][static_cast<std::uint8_t>(word >> (8 * k))];
  };
  return of_byte(0) ^ of_byte(1) ^ of_byte(2) ^ of_byte(3) ^  //
         of_byte(4) ^ of_byte(5) ^ of_byte(6) ^ of_byte(7);
}

// Four words are under way at once, for each waits long for its tables.
std::uint32_t add_strides(std::uint32_t crc, const std::uint8_t* data,
                          std::size_t strides) noexcept {
  const auto word = [&](std::size_t k) { return load_word(data + k * kWordBytes); };
  std::uint64_t a = word(0) ^ crc;
  std::uint64_t b = word(1);
  std::uint64_t c = word(2);
  std::uint64_t d = word(3);
  while (--strides != 0) {
    data += kStrideBytes;
    a = word(0) ^ moved(a, kStrideOn);
    b = word(1) ^ moved(b, kStrideOn);
    c = word(2) ^ moved(c, kStrideOn);
    d = word(3) ^ moved(d, kStrideOn);
  }
  return moved(d ^ moved(c ^ moved(b ^ moved(a, kNext), kNext), kNext), kNext);
}

}  // namespace

std::uint32_t crc32_plain(std::uint32_t so_far, const std::uint8_t* data,
                          std::size_t bytes) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint32_t crc = ~so_far;
    if (bytes >= 2 * kStrideBytes) {
      const std::size_t strides = bytes / kStrideBytes;
      crc = add_strides(crc, data, strides);
      data += strides * kStrideBytes;
      bytes -= strides * kStrideBytes;
    }
    for (; bytes >= kWordBytes; bytes -= kWordBytes, data += kWordBytes)
      crc = moved(load_word(data) ^ crc, kNext);
    so_far = ~crc;
  }
  return crc32_byte_by_byte(so_far, data, bytes);
}

WD_NAMESPACE_END
