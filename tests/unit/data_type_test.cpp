#include "stream/data_type.hpp"

#include <gtest/gtest.h>

#include "fixtures/sample_bytes.hpp"
#include "zlib_api.hpp"

namespace {

using wd::guess_data_type;
using wd::test::Bytes;
using wd::test::Seeded;

int zlibs_guess(const Bytes& bytes) {
  z_stream stream{};
  EXPECT_EQ(ref_deflateInit2_(&stream, 6, Z_DEFLATED, 15, 8, 0, ZLIB_VERSION, sizeof(stream)),
            Z_OK);
  Bytes out(bytes.size() + 1000);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(ref_deflate(&stream, Z_FINISH), Z_STREAM_END);
  const int guess = stream.data_type;
  ref_deflateEnd(&stream);
  return guess;
}

int guess(const Bytes& bytes) {
  return guess_data_type(bytes.data(), bytes.size());
}

TEST(DataType, OfEachByteIsZlibsGuess) {
  for (unsigned byte = 0; byte < 256; ++byte)
    for (const std::size_t times : {1, 2, 100}) {
      const Bytes bytes(times, static_cast<std::uint8_t>(byte));
      EXPECT_EQ(guess(bytes), zlibs_guess(bytes)) << byte;
    }
}

TEST(DataType, OfTwoBytesTogetherIsZlibsGuess) {
  for (unsigned first = 0; first < 40; ++first)
    for (unsigned second = 0; second < 40; ++second) {
      const Bytes bytes{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      ASSERT_EQ(guess(bytes), zlibs_guess(bytes)) << first << ", " << second;
    }
}

TEST(DataType, OfNothingIsZlibsGuess) {
  EXPECT_EQ(guess({}), zlibs_guess({}));
}

TEST(DataType, OfAnythingInTheFirstBlockIsZlibsGuess) {
  Seeded seeded(1);
  for (int i = 0; i < 500; ++i) {
    const std::size_t size = 1 + seeded.below(5000);
    Bytes bytes = wd::test::text(size, seeded.next());
    if (seeded.below(2) == 0) bytes[seeded.below(bytes.size())] = seeded.byte();
    ASSERT_EQ(guess(bytes), zlibs_guess(bytes)) << i;
  }
}

}  // namespace
