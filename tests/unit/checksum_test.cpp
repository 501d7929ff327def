#include "wd/checksum.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "checksum_definitions.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::test::adler32_by_definition;
using wd::test::Bytes;
using wd::test::bytes_of;
using wd::test::crc32_by_definition;
using wd::test::GuardedBuffer;
using wd::test::noise;
using wd::test::span_of;

TEST(Checksum, GivesThePublishedCheckValues) {
  EXPECT_EQ(wd::crc32(span_of(bytes_of("123456789"))), 0xcbf43926u);
  EXPECT_EQ(wd::adler32(span_of(bytes_of("Wikipedia"))), 0x11e60398u);
  EXPECT_EQ(wd::crc32(span_of(bytes_of("a"))), 0xe8b7be43u);
  EXPECT_EQ(wd::adler32(span_of(bytes_of("a"))), 0x00620062u);
}

TEST(Checksum, OfNothingIsTheValueSoFar) {
  EXPECT_EQ(wd::crc32({}), wd::kCrc32Start);
  EXPECT_EQ(wd::adler32({}), wd::kAdler32Start);
  EXPECT_EQ(wd::crc32(0x12345678, nullptr, 0), 0x12345678u);
  EXPECT_EQ(wd::adler32(0x12345678, nullptr, 0), 0x12345678u);
}

// Every border between plain and vector code, and every way that a vector load can be misaligned.
// The data ends at a page that cannot be read.
TEST(Checksum, FollowsTheDefinitionAtAllShortLengthsAndAlignments) {
  constexpr std::size_t kLengths = 601;
  constexpr std::size_t kAlignments = 64;
  const Bytes bytes = noise(kLengths + kAlignments, 3);
  const GuardedBuffer data(bytes);
  for (std::size_t end = data.size(); end > data.size() - kAlignments; --end) {
    const std::uint8_t* const last = data.data() + end;
    for (std::size_t length = 0; length < kLengths; ++length) {
      const std::span<const std::uint8_t> part(last - length, length);
      if (wd::crc32(0, part.data(), length) != crc32_by_definition(0, part) ||
          wd::adler32(1, part.data(), length) != adler32_by_definition(1, part))
        FAIL() << length << " bytes, ending " << data.size() - end << " before the last";
    }
  }
}

TEST(Checksum, ContinuesFromAnyPoint) {
  const Bytes bytes = noise(700, 4);
  const std::uint32_t crc = crc32_by_definition(0, bytes);
  const std::uint32_t adler = adler32_by_definition(1, bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::size_t rest = bytes.size() - cut;
    EXPECT_EQ(wd::crc32(wd::crc32(0, bytes.data(), cut), bytes.data() + cut, rest), crc);
    EXPECT_EQ(wd::adler32(wd::adler32(1, bytes.data(), cut), bytes.data() + cut, rest), adler);
  }
}

// The sums of Adler-32 overflow first on the largest bytes, from the largest sums.
TEST(Checksum, DoesNotOverflowOnTheLargestBytes) {
  const Bytes bytes(1u << 20, 0xff);
  for (const std::size_t length :
       {std::size_t{95}, std::size_t{96}, std::size_t{5552}, std::size_t{5553}, bytes.size()}) {
    const std::span<const std::uint8_t> part(bytes.data(), length);
    EXPECT_EQ(wd::crc32(~0u, part.data(), length), crc32_by_definition(~0u, part));
    EXPECT_EQ(wd::adler32(0xfff0fff0, part.data(), length),
              adler32_by_definition(0xfff0fff0, part));
  }
}

}  // namespace
