// The fixed parts of the frames around a DEFLATE body, written: zlib's header and trailer (RFC
// 1950) and gzip's (RFC 1952). Pure functions; each returns how many bytes it wrote.
#ifndef WD_FRAMING_FRAME_WRITER_HPP_
#define WD_FRAMING_FRAME_WRITER_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/deflate.hpp"
#include "wd/frame_reader.hpp"
#include "wd/raw_deflate.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::size_t kZlibHeaderBytes = 2;
inline constexpr std::size_t kZlibDictionaryBytes = 4;
inline constexpr std::size_t kGzipHeaderBytes = 10;
inline constexpr std::size_t kMaxTrailerBytes = 8;

// With the id of a preset dictionary, unless null.
std::size_t write_zlib_header(const DeflateParameters& parameters, const std::uint32_t* dictionary,
                              std::uint8_t* to) noexcept;
// The first ten bytes; `header` (null for none) says which optional parts follow, not written here.
std::size_t write_gzip_header(const DeflateParameters& parameters, const GzipHeader* header,
                              std::uint8_t* to) noexcept;
std::size_t write_trailer(Format format, std::uint32_t check, std::uint32_t body_bytes,
                          std::uint8_t* to) noexcept;

// Bytes of header and trailer together, without optional parts.
constexpr std::size_t plain_frame_bytes(Format format) noexcept {
  switch (format) {
    case Format::zlib:
      return kZlibHeaderBytes + 4;
    case Format::gzip:
      return kGzipHeaderBytes + 8;
    default:
      return 0;
  }
}

WD_NAMESPACE_END

#endif  // WD_FRAMING_FRAME_WRITER_HPP_
