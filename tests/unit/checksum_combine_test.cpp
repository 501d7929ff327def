#include <gtest/gtest.h>

#include <cstdint>

#include "fixtures/sample_bytes.hpp"
#include "wd/checksum.hpp"
#include "zlib_api.hpp"

namespace {

using wd::test::Bytes;
using wd::test::noise;
using wd::test::Seeded;

TEST(ChecksumCombine, EqualsTheChecksumOfTheWhole) {
  const Bytes bytes = noise(3000, 5);
  const std::uint32_t crc = wd::crc32(0, bytes.data(), bytes.size());
  const std::uint32_t adler = wd::adler32(1, bytes.data(), bytes.size());
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::uint8_t* const second = bytes.data() + cut;
    const std::size_t rest = bytes.size() - cut;
    ASSERT_EQ(wd::crc32_combine(wd::crc32(0, bytes.data(), cut), wd::crc32(0, second, rest), rest),
              crc);
    ASSERT_EQ(
        wd::adler32_combine(wd::adler32(1, bytes.data(), cut), wd::adler32(1, second, rest), rest),
        adler);
  }
}

TEST(ChecksumCombine, WithNothingChangesNothing) {
  EXPECT_EQ(wd::crc32_combine(0xdeadbeef, wd::kCrc32Start, 0), 0xdeadbeefu);
  EXPECT_EQ(wd::adler32_combine(0x12345678, wd::kAdler32Start, 0), 0x12345678u);
}

// Directly computed, over one piece again and again.
TEST(ChecksumCombine, CountsBeyondFourGibibytes) {
  const Bytes piece(1u << 20, 0xa7);
  const Bytes first = noise(100, 6);
  std::uint32_t crc = 0;
  std::uint32_t adler = 1;
  std::uint32_t whole_crc = wd::crc32(0, first.data(), first.size());
  std::uint32_t whole_adler = wd::adler32(1, first.data(), first.size());
  const std::uint32_t first_crc = whole_crc;
  const std::uint32_t first_adler = whole_adler;
  constexpr std::uint64_t kPieces = 4097;
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    crc = wd::crc32(crc, piece.data(), piece.size());
    whole_crc = wd::crc32(whole_crc, piece.data(), piece.size());
    adler = wd::adler32(adler, piece.data(), piece.size());
    whole_adler = wd::adler32(whole_adler, piece.data(), piece.size());
  }
  EXPECT_EQ(wd::crc32_combine(first_crc, crc, kPieces << 20), whole_crc);
  EXPECT_EQ(wd::adler32_combine(first_adler, adler, kPieces << 20), whole_adler);
}

TEST(ChecksumCombine, AgreesWithZlibForLengthsOfAllSizes) {
  Seeded seeded(7);
  for (int i = 0; i < 20000; ++i) {
    const auto length = static_cast<std::int64_t>(seeded.next() >> (1 + seeded.below(63)));
    const auto first = static_cast<std::uint32_t>(seeded.next());
    const auto second = static_cast<std::uint32_t>(seeded.next());
    ASSERT_EQ(wd::crc32_combine(first, second, static_cast<std::uint64_t>(length)),
              ref_crc32_combine(first, second, length))
        << length;
    const auto adler = [&] {
      const std::size_t sum = seeded.below(65521);
      return static_cast<std::uint32_t>(seeded.below(65521) << 16 | sum);
    };
    const std::uint32_t first_adler = adler();
    const std::uint32_t second_adler = adler();
    ASSERT_EQ(wd::adler32_combine(first_adler, second_adler, static_cast<std::uint64_t>(length)),
              ref_adler32_combine(first_adler, second_adler, length))
        << length;
  }
}

TEST(ChecksumCombine, WorksInTwoSteps) {
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{65536},
                                     std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    const std::uint32_t step = wd::crc32_combine_operator(length);
    EXPECT_EQ(wd::crc32_combine_apply(0x01234567, 0x89abcdef, step),
              wd::crc32_combine(0x01234567, 0x89abcdef, length));
  }
}

}  // namespace
