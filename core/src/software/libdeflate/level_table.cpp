#include "software/libdeflate/level_table.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

namespace {

enum class Kind : std::uint8_t { text, binary };

// Measured with libdeflate 1.14 against zlib 1.2.13, buffers of 512 bytes to 1 MiB, on
// bench's corpora; columns are zlib's levels 1 to 9.
constexpr int kLevels = 9;
constexpr std::size_t kTinyBytes = 2048;
constexpr std::size_t kSmallBytes = 16384;
constexpr std::uint8_t kTiny[kLevels] = {1, 2, 2, 2, 3, 3, 3, 3, 3};
constexpr std::uint8_t kSmallText[kLevels] = {1, 1, 1, 3, 5, 5, 5, 5, 5};
constexpr std::uint8_t kSmallBinary[kLevels] = {1, 2, 2, 2, 4, 5, 5, 6, 6};
constexpr std::uint8_t kLargeText[kLevels] = {1, 1, 1, 3, 5, 5, 6, 6, 6};
constexpr std::uint8_t kLargeBinary[kLevels] = {1, 2, 2, 2, 3, 5, 5, 5, 5};

// Text has next to no bytes below 32 but tab, line feed and carriage return. A sample spread over
// the input decides, which is small enough not to show beside compressing it.
Kind kind_of(const std::uint8_t* in, std::size_t in_bytes) noexcept {
  constexpr std::size_t kSamples = 64;
  const std::size_t step = std::max<std::size_t>(in_bytes / kSamples, 1);
  unsigned control = 0;
  unsigned seen = 0;
  for (std::size_t at = 0; at < in_bytes && seen < kSamples; at += step, ++seen) {
    const std::uint8_t byte = in[at];
    control += byte < 32 && byte != '\t' && byte != '\n' && byte != '\r';
  }
  return control * 32 > seen ? Kind::binary : Kind::text;
}

}  // namespace

bool libdeflate_suits(const std::uint8_t* in, std::size_t in_bytes) noexcept {
  // Measured on numbers in text, DNA, hexadecimal digits and the like beside bench's corpora, of
  // whose buffers of 64 KiB these bounds take 0.6 % for such data, of JSON none. Where one byte is
  // most of the input, its runs are what counts.
  constexpr std::size_t kSamples = 128;
  constexpr unsigned kFew = 16;
  constexpr unsigned kMostOfOne = kSamples / 4 * 3;
  if (in_bytes < kSamples) return true;
  const std::size_t step = in_bytes / kSamples;
  std::uint8_t counts[256] = {};
  unsigned different = 0;
  unsigned most = 0;
  for (std::size_t at = 0; at < step * kSamples; at += step) {
    const unsigned count = ++counts[in[at]];
    different += count == 1;
    // The sample of ordinary data ends here soon.
    if (different > kFew) return true;
    most = std::max(most, count);
  }
  return most >= kMostOfOne;
}

int libdeflate_level(int zlib_level, const std::uint8_t* in, std::size_t in_bytes) noexcept {
  const auto column = static_cast<std::size_t>(zlib_level - 1);
  if (in_bytes < kTinyBytes) return kTiny[column];
  const bool small = in_bytes <= kSmallBytes;
  const std::uint8_t for_text = small ? kSmallText[column] : kLargeText[column];
  const std::uint8_t for_binary = small ? kSmallBinary[column] : kLargeBinary[column];
  if (for_text == for_binary || kind_of(in, in_bytes) == Kind::text) return for_text;
  return for_binary;
}

WD_NAMESPACE_END
