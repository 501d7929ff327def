#include "zip/checksum.hpp"

#include "zip/private_zlib.hpp"

namespace wd::emulator::zip {
namespace {

std::uint32_t with_bits_reversed(std::uint32_t value) {
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= ((value >> bit) & 1) << (31 - bit);
  return reversed;
}

}  // namespace

Checksum Checksum::from_word(Format format, std::uint32_t word) {
  Checksum checksum(format);
  if (format == Format::zlib) checksum.value_ = word;
  if (format == Format::gzip) checksum.value_ = with_bits_reversed(~word);
  return checksum;
}

std::uint32_t Checksum::word() const {
  if (format_ == Format::zlib) return value_;
  if (format_ == Format::gzip) return ~with_bits_reversed(value_);
  return 0;
}

void Checksum::add(std::span<const std::uint8_t> plain) {
  // For zlib, a null pointer asks for the first value instead.
  if (plain.empty()) return;
  if (format_ == Format::zlib)
    value_ = static_cast<std::uint32_t>(emu_adler32_z(value_, plain.data(), plain.size()));
  if (format_ == Format::gzip)
    value_ = static_cast<std::uint32_t>(emu_crc32_z(value_, plain.data(), plain.size()));
}

unsigned Checksum::trailer_bytes(Format format) {
  if (format == Format::zlib) return 4;
  return format == Format::gzip ? 8 : 0;
}

std::uint64_t Checksum::trailer(std::uint32_t total) const {
  if (format_ == Format::zlib) return __builtin_bswap32(value_);
  return value_ | std::uint64_t{total} << 32;
}

}  // namespace wd::emulator::zip
