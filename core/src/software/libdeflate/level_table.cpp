#include "software/libdeflate/level_table.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

namespace {

enum class Kind : std::uint8_t { text, binary };

// Measured with libdeflate 1.14 against zlib 1.2.13, buffers of 4 KiB, 64 KiB and 1 MiB, by
// bench/compare; columns are zlib's levels 1 to 9.
constexpr int kLevels = 9;
constexpr std::size_t kSmallBytes = 16384;
constexpr std::uint8_t kSmallText[kLevels] = {1, 1, 1, 3, 5, 5, 5, 5, 5};
constexpr std::uint8_t kSmallBinary[kLevels] = {1, 2, 2, 2, 4, 5, 5, 6, 6};
constexpr std::uint8_t kLargeText[kLevels] = {1, 1, 1, 3, 5, 5, 6, 6, 6};
constexpr std::uint8_t kLargeBinary[kLevels] = {1, 2, 2, 2, 3, 5, 5, 5, 5};

// Text has next to no bytes below 32 but tab, line feed and carriage return. A sample spread over the
// input decides; it costs less than 200 ns.
Kind kind_of(const std::uint8_t* in, std::size_t in_bytes) noexcept {
  constexpr std::size_t kSamples = 256;
  const std::size_t step = std::max<std::size_t>(in_bytes / kSamples, 1);
  unsigned control = 0;
  unsigned seen = 0;
  for (std::size_t at = 0; at < in_bytes && seen < kSamples; at += step, ++seen) {
    const std::uint8_t byte = in[at];
    control += byte < 32 && byte != '\t' && byte != '\n' && byte != '\r';
  }
  return control * 50 > seen ? Kind::binary : Kind::text;
}

}  // namespace

int libdeflate_level(int zlib_level, const std::uint8_t* in, std::size_t in_bytes) noexcept {
  const auto column = static_cast<std::size_t>(zlib_level - 1);
  const bool text = kind_of(in, in_bytes) == Kind::text;
  if (in_bytes <= kSmallBytes) return text ? kSmallText[column] : kSmallBinary[column];
  return text ? kLargeText[column] : kLargeBinary[column];
}

WD_NAMESPACE_END
