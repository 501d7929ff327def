#include "hisi/zip/trailer.hpp"

#include "framing/frame_writer.hpp"
#include "wd/checksum.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

constexpr std::uint32_t bits_reversed(std::uint32_t value) noexcept {
  value = (value >> 1 & 0x55555555) | (value & 0x55555555) << 1;
  value = (value >> 2 & 0x33333333) | (value & 0x33333333) << 2;
  value = (value >> 4 & 0x0f0f0f0f) | (value & 0x0f0f0f0f) << 4;
  return __builtin_bswap32(value);
}
static_assert(bits_reversed(0xbbbfff6f) == 0xf6fffddd);

}  // namespace

std::uint32_t body_check(Coding coding, const StreamWords& words, bool empty) noexcept {
  if (coding == Coding::gzip) return empty ? kCrc32Start : bits_reversed(~words.checksum);
  return empty ? kAdler32Start : words.checksum;
}

std::size_t write_engine_trailer(Coding coding, const StreamWords& words, bool empty,
                                 std::uint8_t* to) noexcept {
  const std::uint32_t check = body_check(coding, words, empty);
  switch (coding) {
    case Coding::zlib:
      return write_trailer(Format::zlib, check, words.body_bytes, to);
    case Coding::gzip:
      return write_trailer(Format::gzip, check, words.body_bytes, to);
    default:
      return 0;
  }
}

}  // namespace hisi::zip

WD_NAMESPACE_END
