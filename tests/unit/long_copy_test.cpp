#include "software/inflate/long_copy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::inflate::kLongCopyBytes;
using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::noise;

constexpr std::uint8_t kUntouched = 0xa5;

class LongCopyOf : public testing::TestWithParam<wd::Variant<wd::inflate::LongCopy>> {
 protected:
  void SetUp() override {
    if (!wd::cpu_features().include(GetParam().needs)) GTEST_SKIP() << "not on this CPU";
  }
};

// Input and output end at pages that cannot be touched; in front of the output nothing changes.
TEST_P(LongCopyOf, AnyPlaceInALineAndAnyLength) {
  constexpr std::size_t kFront = 64;
  for (std::size_t more = 0; more < 300; more += 7)
    for (std::size_t behind = 0; behind < 64; behind += 3) {
      const std::size_t bytes = kLongCopyBytes + more;
      const Bytes plain = noise(bytes, more);
      GuardedBuffer in(bytes);
      std::ranges::copy(plain, in.data());
      GuardedBuffer out(kFront + bytes + behind);
      std::fill_n(out.data(), out.size(), kUntouched);
      GetParam().function(out.data() + kFront, in.data(), bytes);
      ASSERT_TRUE(std::equal(plain.begin(), plain.end(), out.data() + kFront))
          << bytes << " bytes, " << behind << " in front of a page's end";
      ASSERT_EQ(kFront, std::count(out.data(), out.data() + kFront, kUntouched));
      ASSERT_EQ(behind,
                std::count(out.data() + kFront + bytes, out.data() + out.size(), kUntouched));
    }
}

TEST_P(LongCopyOf, SizesOfPieces) {
  for (const std::size_t bytes : {std::size_t{4096}, std::size_t{16384}, std::size_t{65535},
                                  std::size_t{262144}, std::size_t{1048577}}) {
    const Bytes plain = noise(bytes, 5);
    Bytes out(bytes);
    GetParam().function(out.data(), plain.data(), bytes);
    EXPECT_EQ(plain, out);
  }
}

INSTANTIATE_TEST_SUITE_P(, LongCopyOf, testing::ValuesIn(wd::inflate::long_copy_variants()),
                         [](const auto& variant) { return variant.param.name; });

TEST(CopyStoredBytes, TakesOverlapsOfEveryKind) {
  constexpr std::size_t kBytes = 3 * kLongCopyBytes;
  const Bytes plain = noise(kBytes, 3);
  for (const std::size_t bytes :
       {std::size_t{1}, kLongCopyBytes - 1, kLongCopyBytes, kLongCopyBytes + 100})
    for (const std::size_t apart :
         {std::size_t{0}, std::size_t{1}, std::size_t{63}, bytes - 1, bytes})
      for (const bool forward : {false, true}) {
        Bytes moved = plain;
        const std::size_t from = forward ? 0 : apart;
        const std::size_t to = forward ? apart : 0;
        wd::inflate::copy_stored_bytes(moved.data() + to, moved.data() + from, bytes);
        ASSERT_TRUE(std::equal(plain.begin() + static_cast<std::ptrdiff_t>(from),
                               plain.begin() + static_cast<std::ptrdiff_t>(from + bytes),
                               moved.begin() + static_cast<std::ptrdiff_t>(to)))
            << bytes << " bytes, " << apart << " apart";
      }
}

}  // namespace
