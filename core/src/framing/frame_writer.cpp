#include "framing/frame_writer.hpp"

#include "framing/gzip_flags.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::uint8_t kDeflateMethod = 8;

void put_big_endian(std::uint32_t value, std::uint8_t* to) noexcept {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

void put_little_endian(std::uint32_t value, std::uint8_t* to) noexcept {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

bool searches_little(const DeflateParameters& parameters) noexcept {
  return parameters.strategy >= Strategy::huffman_only || parameters.level < 2;
}

// FLEVEL: how hard the compressor tried, for information only.
unsigned zlib_effort(const DeflateParameters& parameters) noexcept {
  if (searches_little(parameters)) return 0;
  if (parameters.level < 6) return 1;
  return parameters.level == 6 ? 2 : 3;
}

std::uint8_t gzip_effort(const DeflateParameters& parameters) noexcept {
  if (parameters.level == 9) return 2;
  return searches_little(parameters) ? 4 : 0;
}

std::uint8_t gzip_flag_byte(const GzipHeader& header) noexcept {
  const int flags = (header.text != 0 ? 0x0100 : 0) | (header.hcrc != 0 ? gzip::kHeaderCrc : 0) |
                    (header.extra != nullptr ? gzip::kExtra : 0) |
                    (header.name != nullptr ? gzip::kName : 0) |
                    (header.comment != nullptr ? gzip::kComment : 0);
  return static_cast<std::uint8_t>(flags >> 8);
}

}  // namespace

std::size_t write_zlib_header(const DeflateParameters& parameters, const std::uint32_t* dictionary,
                              std::uint8_t* to) noexcept {
  unsigned header = static_cast<unsigned>(kDeflateMethod + ((parameters.window_bits - 8) << 4))
                    << 8;
  header |= zlib_effort(parameters) << 6;
  if (dictionary != nullptr) header |= 0x20;
  header += 31 - header % 31;
  to[0] = static_cast<std::uint8_t>(header >> 8);
  to[1] = static_cast<std::uint8_t>(header);
  if (dictionary == nullptr) return kZlibHeaderBytes;
  put_big_endian(*dictionary, to + kZlibHeaderBytes);
  return kZlibHeaderBytes + kZlibDictionaryBytes;
}

std::size_t write_gzip_header(const DeflateParameters& parameters, const GzipHeader* header,
                              std::uint8_t* to) noexcept {
  to[0] = gzip::kMagic & 0xff;
  to[1] = gzip::kMagic >> 8;
  to[2] = kDeflateMethod;
  to[3] = header != nullptr ? gzip_flag_byte(*header) : 0;
  put_little_endian(header != nullptr ? static_cast<std::uint32_t>(header->time) : 0, to + 4);
  to[8] = gzip_effort(parameters);
  to[9] = header != nullptr ? static_cast<std::uint8_t>(header->os) : gzip::kOsUnix;
  return kGzipHeaderBytes;
}

std::size_t write_trailer(Format format, std::uint32_t check, std::uint32_t body_bytes,
                          std::uint8_t* to) noexcept {
  switch (format) {
    case Format::zlib:
      put_big_endian(check, to);
      return 4;
    case Format::gzip:
      put_little_endian(check, to);
      put_little_endian(body_bytes, to + 4);
      return 8;
    default:
      return 0;
  }
}

WD_NAMESPACE_END
