#include "framing/frame_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::DeflateParameters;
using wd::Format;
using wd::GzipHeader;
using wd::Strategy;
using wd::test::Bytes;

// Every combination of what shows in a header.
std::vector<DeflateParameters> all_parameters() {
  std::vector<DeflateParameters> all;
  for (int level = 0; level <= 9; ++level)
    for (int strategy = 0; strategy <= 4; ++strategy)
      for (int window_bits = 9; window_bits <= 15; ++window_bits)
        all.push_back({.level = level,
                       .window_bits = window_bits,
                       .strategy = static_cast<Strategy>(strategy)});
  return all;
}

Bytes reference_message(Format format, const DeflateParameters& parameters,
                        const Bytes& dictionary = {}) {
  return wd::test::reference_compress(format, {},
                                      {.level = parameters.level,
                                       .window_bits = parameters.window_bits,
                                       .strategy = static_cast<int>(parameters.strategy),
                                       .dictionary = dictionary});
}

TEST(FrameWriter, WritesTheZlibHeaderOfTheRfc) {
  std::uint8_t header[8];
  for (const DeflateParameters& parameters : all_parameters()) {
    ASSERT_EQ(wd::write_zlib_header(parameters, nullptr, header), 2u);
    EXPECT_EQ((header[0] * 256 + header[1]) % 31, 0);
    EXPECT_EQ(header[0] & 15, 8) << "CM";
    EXPECT_EQ(header[0] >> 4, parameters.window_bits - 8) << "CINFO";
    EXPECT_EQ(header[1] & 0x20, 0) << "FDICT";
  }
}

TEST(FrameWriter, WritesTheZlibHeaderThatZlibWrites) {
  std::uint8_t header[8];
  for (const DeflateParameters& parameters : all_parameters()) {
    wd::write_zlib_header(parameters, nullptr, header);
    const Bytes reference = reference_message(Format::zlib, parameters);
    EXPECT_TRUE(std::equal(header, header + 2, reference.begin()))
        << "level " << parameters.level << ", strategy " << static_cast<int>(parameters.strategy);
  }
}

TEST(FrameWriter, NamesADictionary) {
  const Bytes dictionary = wd::test::bytes_of("Wikipedia");
  const std::uint32_t id = 0x11e60398;
  std::uint8_t header[8];
  for (const DeflateParameters& parameters : all_parameters()) {
    ASSERT_EQ(wd::write_zlib_header(parameters, &id, header), 6u);
    const Bytes reference = reference_message(Format::zlib, parameters, dictionary);
    EXPECT_TRUE(std::equal(header, header + 6, reference.begin()));
  }
}

TEST(FrameWriter, WritesTheGzipHeaderThatZlibWrites) {
  std::uint8_t header[16];
  for (const DeflateParameters& parameters : all_parameters()) {
    ASSERT_EQ(wd::write_gzip_header(parameters, nullptr, header), 10u);
    const Bytes reference = reference_message(Format::gzip, parameters);
    EXPECT_TRUE(std::equal(header, header + 10, reference.begin()))
        << "level " << parameters.level << ", strategy " << static_cast<int>(parameters.strategy);
  }
}

TEST(FrameWriter, FlagsTheOptionalPartsOfAGzipHeader) {
  std::uint8_t some[1] = {};
  std::uint8_t written[10];
  for (unsigned flags = 0; flags < 32; ++flags) {
    GzipHeader header;
    header.text = (flags & 1) != 0 ? 7 : 0;
    header.hcrc = (flags & 2) != 0 ? 7 : 0;
    header.extra = (flags & 4) != 0 ? some : nullptr;
    header.name = (flags & 8) != 0 ? some : nullptr;
    header.comment = (flags & 16) != 0 ? some : nullptr;
    header.time = 0x12345678;
    header.os = 0x1ff;
    ASSERT_EQ(wd::write_gzip_header({}, &header, written), 10u);
    EXPECT_EQ(Bytes(written, written + 10), (Bytes{0x1f, 0x8b, 8, static_cast<std::uint8_t>(flags),
                                                   0x78, 0x56, 0x34, 0x12, 0, 0xff}));
  }
}

TEST(FrameWriter, WritesTrailersInTheOrderOfTheirFormat) {
  std::uint8_t trailer[8];
  ASSERT_EQ(wd::write_trailer(Format::zlib, 0x01020304, 5, trailer), 4u);
  EXPECT_EQ(Bytes(trailer, trailer + 4), (Bytes{1, 2, 3, 4}));
  ASSERT_EQ(wd::write_trailer(Format::gzip, 0x01020304, 0x05060708, trailer), 8u);
  EXPECT_EQ(Bytes(trailer, trailer + 8), (Bytes{4, 3, 2, 1, 8, 7, 6, 5}));
  EXPECT_EQ(wd::write_trailer(Format::raw, 1, 2, trailer), 0u);
}

TEST(FrameWriter, SaysHowMuchAFrameTakes) {
  EXPECT_EQ(wd::plain_frame_bytes(Format::raw), 0u);
  EXPECT_EQ(wd::plain_frame_bytes(Format::zlib), 6u);
  EXPECT_EQ(wd::plain_frame_bytes(Format::gzip), 18u);
}

}  // namespace
