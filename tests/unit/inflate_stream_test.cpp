#include "wd/inflate_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "wd/context.hpp"

namespace wd {
namespace {

constexpr std::array<std::uint8_t, 4> kFlushMark{0x00, 0x00, 0xff, 0xff};
// A final stored block of one byte (RFC 1951, 3.2.4).
constexpr std::array<std::uint8_t, 6> kStoredX{0x01, 0x01, 0x00, 0xfe, 0xff, 'x'};

InflateStream::Step decode(InflateStream& stream, const std::uint8_t* in, std::uint32_t bytes,
                           std::uint8_t& out) {
  return stream.run(in, bytes, &out, 1, Flush::none, nullptr);
}

TEST(InflateStream, StartsAfreshAtEachFlushPointWhateverWindowABadHeaderNamed) {
  const Context context{Config{}};
  InflateStream stream(context);
  ASSERT_EQ(stream.open(Format::zlib, 0, Allocator::standard()), StreamCode::ok);
  // CINFO 11 is a window of 2^19 bytes: refused, but remembered, as zlib does.
  constexpr std::array<std::uint8_t, 2> kHugeWindow{0xb8, 0x10};
  std::uint8_t out = 0;
  EXPECT_EQ(decode(stream, kHugeWindow.data(), kHugeWindow.size(), out).code,
            StreamCode::data_error);
  EXPECT_STREQ(stream.message(), "invalid window size");
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(stream.sync(kFlushMark.data(), kFlushMark.size()).code, StreamCode::ok);
    out = 0;
    const InflateStream::Step step = decode(stream, kStoredX.data(), kStoredX.size(), out);
    EXPECT_EQ(step.code, StreamCode::end) << "round " << round;
    EXPECT_EQ(step.produced, 1u) << "round " << round;
    EXPECT_EQ(out, 'x') << "round " << round;
  }
  stream.close();
}

}  // namespace
}  // namespace wd
