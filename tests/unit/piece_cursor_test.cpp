#include "session/piece_cursor.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace {

using wd::ConstBuffer;
using Cursor = wd::PieceCursor<ConstBuffer>;

constexpr std::size_t kGibibyte = std::size_t{1} << 30;

TEST(PieceCursor, WalksOverAllPiecesButEmptyOnes) {
  const std::uint8_t bytes[6] = {};
  const ConstBuffer pieces[] = {{nullptr, 0},   {bytes, 2},   {bytes + 2, 0},
                                {bytes + 3, 1}, {nullptr, 0}, {bytes, 0}};
  Cursor cursor(pieces);
  EXPECT_EQ(cursor.data(), bytes);
  EXPECT_EQ(cursor.bytes(), 2u);
  cursor.advance(1);
  EXPECT_EQ(cursor.data(), bytes + 1);
  EXPECT_EQ(cursor.bytes(), 1u);
  cursor.advance(1);
  EXPECT_EQ(cursor.data(), bytes + 3);
  EXPECT_FALSE(cursor.at_end());
  cursor.advance(1);
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(cursor.total(), 3u);
}

TEST(PieceCursor, HasAnAddressAndNoBytesAtItsEnd) {
  const Cursor cursor({});
  EXPECT_TRUE(cursor.at_end());
  EXPECT_TRUE(cursor.last());
  EXPECT_EQ(cursor.bytes(), 0u);
  EXPECT_NE(cursor.data(), nullptr);
}

TEST(PieceCursor, KnowsWhenNothingIsBehindIt) {
  const std::uint8_t bytes[2] = {};
  const ConstBuffer pieces[] = {{bytes, 1}, {bytes + 1, 1}};
  Cursor cursor(pieces);
  EXPECT_FALSE(cursor.last());
  cursor.advance(1);
  EXPECT_TRUE(cursor.last());
}

// Nothing is read: the addresses are made up.
TEST(PieceCursor, CutsPiecesThatAreTooLongForAStep) {
  const ConstBuffer pieces[] = {
      {reinterpret_cast<const void*>(std::uintptr_t{1} << 40), 9 * kGibibyte}};
  Cursor cursor(pieces);
  std::size_t seen = 0;
  while (!cursor.at_end()) {
    EXPECT_EQ(cursor.data(),
              reinterpret_cast<const std::uint8_t*>((std::uintptr_t{1} << 40) + seen));
    EXPECT_GT(cursor.bytes(), 0u);
    EXPECT_EQ(cursor.last(), seen + cursor.bytes() == 9 * kGibibyte);
    seen += cursor.bytes();
    cursor.advance(cursor.bytes());
  }
  EXPECT_EQ(seen, 9 * kGibibyte);
  EXPECT_EQ(cursor.total(), 9 * kGibibyte);
}

}  // namespace
