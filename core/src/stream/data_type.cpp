#include "stream/data_type.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

int guess_data_type(const std::uint8_t* data, std::size_t bytes) noexcept {
  // Bytes that no text has: 0 to 6, 14 to 25, 28 to 31. Bytes that make a text: tab, line feed,
  // carriage return, and all from space on.
  constexpr std::uint32_t kNeverInText = 0xf3ffc07f;
  constexpr std::size_t kFirstBlockBytes = 16383;  // literals that fit into zlib's default buffer
  constexpr std::uint32_t kTextual = 1u << '\t' | 1u << '\n' | 1u << '\r';
  bytes = std::min(bytes, kFirstBlockBytes);
  std::uint32_t low = 0;
  bool high = false;
  for (std::size_t i = 0; i < bytes; ++i) {
    if (data[i] < 32)
      low |= 1u << data[i];
    else
      high = true;
    if ((low & kNeverInText) != 0) return kDataTypeBinary;
  }
  return high || (low & kTextual) != 0 ? kDataTypeText : kDataTypeBinary;
}

WD_NAMESPACE_END
