// gzip's numbers (RFC 1952, 2.3), little-endian as a reader meets them: the method byte is the low
// byte of a 16-bit word, the flag byte the high one.
#ifndef WD_FRAMING_GZIP_FLAGS_HPP_
#define WD_FRAMING_GZIP_FLAGS_HPP_

#include <cstdint>

namespace wd::gzip {

inline constexpr std::uint32_t kMagic = 0x8b1f;
inline constexpr int kHeaderCrc = 0x0200;
inline constexpr int kExtra = 0x0400;
inline constexpr int kName = 0x0800;
inline constexpr int kComment = 0x1000;
inline constexpr int kReserved = 0xe000;
inline constexpr std::uint8_t kOsUnix = 3;

}  // namespace wd::gzip

#endif  // WD_FRAMING_GZIP_FLAGS_HPP_
