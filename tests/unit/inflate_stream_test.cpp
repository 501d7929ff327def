#include "wd/inflate_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "fixtures/sample_bytes.hpp"
#include "wd/context.hpp"
#include "zlib_api.hpp"

namespace wd {
namespace {

using test::Bytes;

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

// Found by random sequences: where a header was to say how large the window is and was skipped,
// zlib has one of a single byte.
TEST(InflateStream, HasAWindowOfOneByteBehindAHeaderThatWasSkipped) {
  const Context context{Config{}};
  InflateStream stream(context);
  ASSERT_EQ(stream.open(Format::zlib, 0, Allocator::standard()), StreamCode::ok);
  z_stream zlib{};
  ASSERT_EQ(ref_inflateInit2_(&zlib, 0, ZLIB_VERSION, sizeof(zlib)), Z_OK);

  // A header whose check is wrong, a flush point, and what zlib makes of "aaaaabababab" with fixed
  // codes: a match goes one byte back, and another one two bytes.
  constexpr std::array<std::uint8_t, 2> kBad{0x78, 0x00};
  std::uint8_t out = 0;
  EXPECT_EQ(decode(stream, kBad.data(), kBad.size(), out).code, StreamCode::data_error);
  Bytes bad(kBad.begin(), kBad.end());
  Bytes mark(kFlushMark.begin(), kFlushMark.end());
  Bytes body{0x4b, 0x4c, 0x04, 0x82, 0x24, 0x08, 0x04, 0x00};
  const auto feed = [&](Bytes& in) {
    zlib.next_in = in.data();
    zlib.avail_in = static_cast<uInt>(in.size());
  };
  std::uint8_t zlibs = 0;
  feed(bad);
  zlib.next_out = &zlibs;
  zlib.avail_out = 1;
  EXPECT_EQ(ref_inflate(&zlib, Z_NO_FLUSH), Z_DATA_ERROR);
  feed(mark);
  ASSERT_EQ(ref_inflateSync(&zlib), Z_OK);
  ASSERT_EQ(stream.sync(kFlushMark.data(), kFlushMark.size()).code, StreamCode::ok);

  feed(body);
  const std::uint8_t* next = body.data();
  std::uint32_t left = static_cast<std::uint32_t>(body.size());
  int last = Z_OK;
  for (int call = 0; call < 20 && last == Z_OK; ++call) {
    zlib.next_out = &zlibs;
    zlib.avail_out = 1;
    last = ref_inflate(&zlib, Z_NO_FLUSH);
    const InflateStream::Step step = decode(stream, next, left, out);
    next += step.consumed;
    left -= static_cast<std::uint32_t>(step.consumed);
    ASSERT_EQ(static_cast<int>(step.code), last) << "call " << call;
    ASSERT_EQ(step.produced, 1 - zlib.avail_out) << "call " << call;
    ASSERT_EQ(left, zlib.avail_in) << "call " << call;
    if (step.produced != 0) {
      ASSERT_EQ(out, zlibs) << "call " << call;
    }
  }
  EXPECT_EQ(last, Z_DATA_ERROR);
  EXPECT_STREQ(stream.message(), "invalid distance too far back");
  EXPECT_STREQ(zlib.msg, "invalid distance too far back");
  ref_inflateEnd(&zlib);
  stream.close();
}

}  // namespace
}  // namespace wd
