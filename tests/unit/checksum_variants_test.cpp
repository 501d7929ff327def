// Every variant of the checksums that this architecture has, against their definitions and plain
// libz. Those that this CPU cannot run are skipped, each by name.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "checksum_definitions.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/sample_bytes.hpp"
#include "software/checksum/variants.hpp"
#include "zlib_api.hpp"

namespace {

using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::noise;
using wd::test::Seeded;

struct Checksum {
  const char* name;
  std::span<const wd::ChecksumVariant> (*variants)() noexcept;
  std::uint32_t start;
  std::uint32_t (*by_definition)(std::uint32_t, std::span<const std::uint8_t>);
  decltype(&ref_crc32_z) reference;
};

constexpr Checksum kCrc32{"crc32", wd::crc32_variants, 0, wd::test::crc32_by_definition,
                          ref_crc32_z};
constexpr Checksum kAdler32{"adler32", wd::adler32_variants, 1, wd::test::adler32_by_definition,
                            ref_adler32_z};

struct Case {
  const Checksum* checksum;
  wd::ChecksumVariant variant;
};

std::string name_of(const Case& c) {
  return std::string(c.checksum->name) + "_" + c.variant.name;
}
void PrintTo(const Case& c, std::ostream* out) {
  *out << name_of(c);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Checksum* checksum : {&kCrc32, &kAdler32})
    for (const wd::ChecksumVariant& variant : checksum->variants())
      cases.push_back({checksum, variant});
  return cases;
}

bool runs_here(const Case& c) {
  return wd::cpu_features().include(c.variant.needs);
}

class ChecksumVariants : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!runs_here(GetParam())) GTEST_SKIP() << "not run: this CPU cannot " << name_of(GetParam());
  }

  std::uint32_t sum(std::uint32_t so_far, const std::uint8_t* data, std::size_t bytes) const {
    return GetParam().variant.function(so_far, data, bytes);
  }
  std::uint32_t reference(std::uint32_t so_far, const std::uint8_t* data, std::size_t bytes) const {
    return static_cast<std::uint32_t>(checksum().reference(so_far, data, bytes));
  }
  const Checksum& checksum() const { return *GetParam().checksum; }
};

constexpr std::size_t kLengths = 1101;
constexpr std::size_t kAlignments = 64;

// Where a variant changes its ways: widths of its vectors and as many as are under way at once,
// sums that have to be reduced, pieces of long messages, and what is aligned first.
constexpr std::size_t kBorders[] = {16,   32,   64,    128,   256,   512,   4096,  5552,    5803,
                                    8192, 8256, 11104, 32768, 32832, 65536, 98304, 1u << 20};

TEST_P(ChecksumVariants, FollowsTheDefinitionFromAPageThatCannotBeRead) {
  const Bytes bytes = noise(kLengths + kAlignments, 21);
  const GuardedBuffer data(bytes, GuardedBuffer::Guarded::beginning);
  for (std::size_t first = 0; first < kAlignments; ++first) {
    std::uint32_t expected = checksum().start;
    for (std::size_t length = 0; length < kLengths; ++length) {
      const std::uint8_t* const begin = data.data() + first;
      ASSERT_EQ(sum(checksum().start, begin, length), expected)
          << length << " bytes, " << first << " behind the first";
      expected = checksum().by_definition(expected, {begin + length, 1});
    }
  }
}

TEST_P(ChecksumVariants, AgreesWithZlibUpToAPageThatCannotBeRead) {
  const Bytes bytes = noise(kLengths + kAlignments, 22);
  const GuardedBuffer data(bytes);
  for (std::size_t before = 0; before < kAlignments; ++before)
    for (std::size_t length = 0; length < kLengths; ++length) {
      const std::uint8_t* const begin = data.data() + data.size() - before - length;
      ASSERT_EQ(sum(checksum().start, begin, length), reference(checksum().start, begin, length))
          << length << " bytes, ending " << before << " before the last";
    }
}

TEST_P(ChecksumVariants, AgreesWithZlibAroundEveryBorder) {
  const GuardedBuffer data(noise((1u << 20) + 128, 23));
  for (const std::size_t border : kBorders)
    for (std::size_t length = border - 3; length <= border + 65; ++length)
      for (const std::size_t before : {0, 1, 63}) {
        const std::uint8_t* const begin = data.data() + data.size() - before - length;
        ASSERT_EQ(sum(0x00010001, begin, length), reference(0x00010001, begin, length))
            << length << " bytes, ending " << before << " before the last";
      }
}

TEST_P(ChecksumVariants, AgreesWithZlibForLongMessages) {
  const Bytes bytes = noise(3u << 20, 24);
  Seeded seeded(25);
  for (int i = 0; i < 300; ++i) {
    const std::size_t first = seeded.below(bytes.size());
    const std::size_t length = seeded.below(bytes.size() - first) >> seeded.below(12);
    const auto so_far = static_cast<std::uint32_t>(seeded.next());
    ASSERT_EQ(sum(so_far, bytes.data() + first, length),
              reference(so_far, bytes.data() + first, length))
        << length << " bytes from " << first;
  }
}

TEST_P(ChecksumVariants, ContinuesFromAnyPoint) {
  const Bytes bytes = noise(200000, 26);
  const std::uint32_t whole = reference(checksum().start, bytes.data(), bytes.size());
  Seeded seeded(27);
  for (int round = 0; round < 200; ++round) {
    std::uint32_t so_far = checksum().start;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t part =
          std::min(1 + (seeded.below(bytes.size()) >> seeded.below(16)), bytes.size() - at);
      so_far = sum(so_far, bytes.data() + at, part);
      at += part;
    }
    ASSERT_EQ(so_far, whole) << "round " << round;
  }
}

// The sums of Adler-32 overflow first on the largest bytes, from the largest sums. Halves from
// 65521 on are in no checksum; what zlib makes of them is what programs know.
TEST_P(ChecksumVariants, AgreesWithZlibFromExtremeStartsOnTheLargestBytes) {
  const Bytes largest((1u << 20) + 128, 0xff);
  const Bytes noisy = noise((1u << 20) + 128, 28);
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length < 600; ++length) lengths.push_back(length);
  for (const std::size_t border : kBorders)
    for (const std::size_t length : {border - 1, border, border + 1, border + 63})
      lengths.push_back(length);
  for (const std::uint32_t high : {0x0000u, 0x0001u, 0xfff0u, 0xfff1u, 0xfff5u, 0xffffu})
    for (const std::uint32_t low : {0x0000u, 0x0001u, 0xff00u, 0xfff0u, 0xfff1u, 0xffffu}) {
      const std::uint32_t so_far = high << 16 | low;
      for (const std::size_t length : lengths) {
        ASSERT_EQ(sum(so_far, largest.data(), length), reference(so_far, largest.data(), length))
            << length << " bytes of 255 from " << so_far;
        if (length > 10000) continue;
        ASSERT_EQ(sum(so_far, noisy.data() + 1, length),
                  reference(so_far, noisy.data() + 1, length))
            << length << " bytes from " << so_far;
      }
    }
}

INSTANTIATE_TEST_SUITE_P(All, ChecksumVariants, testing::ValuesIn(all_cases()),
                         [](const auto& made) { return name_of(made.param); });

TEST(ChecksumVariantTable, EndsWithWhatNeedsNothing) {
  for (const Checksum* checksum : {&kCrc32, &kAdler32}) {
    EXPECT_STREQ(checksum->variants().back().name, "plain");
    EXPECT_EQ(checksum->variants().back().needs.bits(), 0u);
  }
}

TEST(ChecksumVariantTable, SaysWhatIsNotRunHere) {
  std::string not_run;
  std::size_t run = 0;
  for (const Case& c : all_cases()) {
    if (runs_here(c))
      ++run;
    else
      not_run += " " + name_of(c);
  }
  if (!not_run.empty()) GTEST_SKIP() << "run: " << run << " variants; not run:" << not_run;
}

}  // namespace
