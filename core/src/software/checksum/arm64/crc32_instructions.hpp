// CRC-32 by the instructions for it (Arm Architecture Reference Manual, C6.2: CRC32B, CRC32X). In
// assembly: clang 14 has the intrinsics only in files that are compiled for them as a whole.
#ifndef WD_SOFTWARE_CHECKSUM_ARM64_CRC32_INSTRUCTIONS_HPP_
#define WD_SOFTWARE_CHECKSUM_ARM64_CRC32_INSTRUCTIONS_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// Here `crc` is a remainder, without the complements.

inline std::uint32_t crc32_add_byte(std::uint32_t crc, std::uint8_t byte) noexcept {
  __asm__(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(crc) : "r"(byte));
  return crc;
}

inline std::uint32_t crc32_add_word(std::uint32_t crc, std::uint64_t word) noexcept {
  __asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %1" : "+r"(crc) : "r"(word));
  return crc;
}

inline std::uint32_t crc32_add_bytes(std::uint32_t crc, const std::uint8_t* data,
                                     std::size_t bytes) noexcept {
  for (; bytes >= sizeof(std::uint64_t);
       bytes -= sizeof(std::uint64_t), data += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, data, sizeof(word));
    crc = crc32_add_word(crc, word);
  }
  for (; bytes != 0; --bytes) crc = crc32_add_byte(crc, *data++);
  return crc;
}

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_ARM64_CRC32_INSTRUCTIONS_HPP_
