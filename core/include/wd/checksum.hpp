// The checksums of gzip (CRC-32, RFC 1952) and zlib (Adler-32, RFC 1950), at the speed this CPU
// has.
//
// Pure functions, safe from any thread and in signal handlers. A checksum is continued by passing
// the value so far; it starts as kCrc32Start or kAdler32Start.
#ifndef WD_CHECKSUM_HPP_
#define WD_CHECKSUM_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::uint32_t kCrc32Start = 0;
inline constexpr std::uint32_t kAdler32Start = 1;

[[nodiscard]] WD_API std::uint32_t crc32(std::uint32_t so_far, const void* data,
                                         std::size_t bytes) noexcept;
[[nodiscard]] WD_API std::uint32_t adler32(std::uint32_t so_far, const void* data,
                                           std::size_t bytes) noexcept;

// The checksum of A followed by B, from those of A and of B and the length of B in bytes. Time
// grows with the logarithm of that length.
[[nodiscard]] WD_API std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                                                 std::uint64_t second_bytes) noexcept;
[[nodiscard]] WD_API std::uint32_t adler32_combine(std::uint32_t first, std::uint32_t second,
                                                   std::uint64_t second_bytes) noexcept;

// crc32_combine in two steps, for many B of one length: an operator made once, applied often.
[[nodiscard]] WD_API std::uint32_t crc32_combine_operator(std::uint64_t second_bytes) noexcept;
[[nodiscard]] WD_API std::uint32_t crc32_combine_apply(std::uint32_t first, std::uint32_t second,
                                                       std::uint32_t combine_operator) noexcept;

[[nodiscard]] inline std::uint32_t crc32(std::span<const std::byte> data) noexcept {
  return crc32(kCrc32Start, data.data(), data.size());
}
[[nodiscard]] inline std::uint32_t adler32(std::span<const std::byte> data) noexcept {
  return adler32(kAdler32Start, data.data(), data.size());
}

WD_NAMESPACE_END

#endif  // WD_CHECKSUM_HPP_
