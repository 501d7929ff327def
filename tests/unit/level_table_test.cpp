#include "software/libdeflate/level_table.hpp"

#include <gtest/gtest.h>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::libdeflate_level;
using wd::libdeflate_suits;
using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::mixture;
using wd::test::noise;
using wd::test::text;

constexpr std::size_t kSizes[] = {0,    1,    2,     63,    64,    65,     511,    512,
                                  2047, 2048, 16384, 16385, 65536, 100000, 1000000};

// The inputs end at a page that cannot be read.
TEST(LevelTable, NamesALevelForAnyInput) {
  for (const std::size_t size : kSizes)
    for (const Bytes& bytes : {text(size), noise(size), Bytes(size, 0)}) {
      const GuardedBuffer in(bytes);
      EXPECT_TRUE(libdeflate_suits(in.data(), size)) << "looks at nothing behind the end";
      for (int level = 1; level <= 9; ++level) {
        const int chosen = libdeflate_level(level, in.data(), size);
        EXPECT_GE(chosen, 1);
        EXPECT_LE(chosen, 12);
        EXPECT_EQ(libdeflate_level(level, in.data(), size), chosen) << "the same each time";
      }
    }
}

TEST(LevelTable, NeverTriesLessForAHigherLevel) {
  for (const std::size_t size : kSizes)
    for (const Bytes& bytes : {text(size), noise(size), mixture(size)})
      for (int level = 2; level <= 9; ++level)
        EXPECT_GE(libdeflate_level(level, bytes.data(), size),
                  libdeflate_level(level - 1, bytes.data(), size))
            << level << ", " << size;
}

}  // namespace
