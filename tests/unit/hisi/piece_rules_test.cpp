#include "hisi/zip/piece_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace {

using namespace wd::hisi::zip;

TEST(CompressionPiece, IsAllOfItWhereThereIsRoom) {
  const Piece piece = compression_piece(1000, 4096, true);
  EXPECT_EQ(piece.source_bytes, 1000u);
  EXPECT_EQ(piece.destination_bytes, 4096u);
  EXPECT_TRUE(piece.finish);
  EXPECT_FALSE(piece.staged);
  EXPECT_FALSE(compression_piece(1000, 4096, false).finish);
}

TEST(CompressionPiece, LeavesAnEighthMoreRoomThanInput) {
  EXPECT_EQ(compression_piece(800, 900, true).source_bytes, 800u);
  EXPECT_TRUE(compression_piece(800, 900, true).finish);
  const Piece less = compression_piece(800, 899, true);
  EXPECT_EQ(less.source_bytes, 796u);  // 899 * 8 / 9 = 799, in words
  EXPECT_FALSE(less.finish);
}

TEST(CompressionPiece, IsStagedUpTo200BytesOfRoom) {
  for (const std::size_t room : {1, 100, 200}) {
    const Piece piece = compression_piece(150, room, true);
    EXPECT_TRUE(piece.staged);
    EXPECT_EQ(piece.destination_bytes, 236u);
    EXPECT_EQ(piece.source_bytes, 150u);
  }
  EXPECT_FALSE(compression_piece(150, 201, true).staged);
  EXPECT_EQ(compression_piece(5000, 10, true).source_bytes, 208u);
}

TEST(CompressionPiece, IsAtMostEightMebibytes) {
  constexpr std::size_t kMost = std::size_t{8} << 20;
  const Piece piece = compression_piece(std::size_t{5} << 30, std::size_t{6} << 30, true);
  EXPECT_EQ(piece.destination_bytes, kMost);
  EXPECT_EQ(piece.source_bytes, (kMost * 8 / 9) & ~std::size_t{3});
  EXPECT_FALSE(piece.finish);
}

TEST(DecompressionPiece, TakesWhatThereIs) {
  EXPECT_EQ(decompression_piece(1000, 300, false).source_bytes, 1000u);
  EXPECT_EQ(decompression_piece(1000, 300, false).destination_bytes, 300u);
  EXPECT_TRUE(decompression_piece(1000, 200, false).staged);
  EXPECT_EQ(decompression_piece(1000, 200, false).destination_bytes, 236u);
  EXPECT_EQ(decompression_piece(std::size_t{9} << 20, 300, false).source_bytes, 8u << 20);
}

StreamWords words(std::uint32_t first, std::uint32_t second) {
  return {{first, second, 0}, 0, 0};
}

TEST(CallsAgain, WhereTheEngineSaysThatItHasMore) {
  constexpr std::uint8_t kNothing[16] = {};
  EXPECT_TRUE(calls_again(Coding::zlib, words(0x01, 0), false, kNothing));
  EXPECT_TRUE(calls_again(Coding::zlib, words(0x82, 5), true, kNothing));
  EXPECT_FALSE(calls_again(Coding::zlib, words(0x82, 5), false, kNothing));
  EXPECT_FALSE(calls_again(Coding::zlib, words(0x02, 5), true, kNothing));
  EXPECT_FALSE(calls_again(Coding::zlib, words(0x82, 0xfff80000), true, kNothing));
  EXPECT_FALSE(calls_again(Coding::zlib, words(0x04, 0), true, kNothing));
  EXPECT_FALSE(calls_again(Coding::zlib, words(0x00, 0), true, kNothing));
}

TEST(CallsAgain, WhereAFinalBlockWaitsInCachedBits) {
  constexpr std::uint8_t kFinal[16] = {0x03};
  constexpr std::uint8_t kOther[16] = {0x02};
  EXPECT_TRUE(calls_again(Coding::deflate, words(10 << 10 | 3, 0), true, kFinal));
  EXPECT_FALSE(calls_again(Coding::deflate, words(9 << 10 | 3, 0), true, kFinal));
  EXPECT_FALSE(calls_again(Coding::deflate, words(10 << 10 | 3, 0), true, kOther));
  EXPECT_FALSE(calls_again(Coding::deflate, words(10 << 10 | 3, 0), false, kFinal));
  EXPECT_FALSE(calls_again(Coding::zlib, words(10 << 10 | 3, 0), true, kFinal));
}

// 16 bytes of cached tail, which begins with these.
struct Tail {
  std::uint8_t bytes[16] = {};
  Tail(std::initializer_list<std::uint8_t> first) {
    std::copy(first.begin(), first.end(), std::begin(bytes));
  }
};

bool final_block_waits(std::uint32_t bits, const Tail& tail) {
  return calls_again(Coding::deflate, words(bits << 10 | 3, 0), true, tail.bytes);
}

TEST(CallsAgain, WhereAFinalBlockWaitsBehindAnother) {
  // An empty stored block, then an empty final one of fixed codes, or of stored bytes.
  EXPECT_TRUE(final_block_waits(56, {0x00, 0x00, 0x00, 0xff, 0xff, 0x03, 0x00}));
  // The stored block's header has only five bits left in its first byte.
  EXPECT_TRUE(final_block_waits(53, {0x00, 0x00, 0xe0, 0xff, 0x7f, 0x00}));
  // A stored byte, which could be taken for a final block.
  EXPECT_FALSE(final_block_waits(48, {0x00, 0x01, 0x00, 0xfe, 0xff, 0x03}));
  // Two empty blocks of fixed codes, the second one final.
  EXPECT_TRUE(final_block_waits(24, {0x02, 0x0c, 0x00}));
  // The same with a literal in the first, and with neither being final.
  EXPECT_TRUE(final_block_waits(32, {0x4a, 0x04, 0x0c, 0x00}));
  EXPECT_FALSE(final_block_waits(24, {0x02, 0x08, 0x00}));
  // The first block is cut off.
  EXPECT_FALSE(final_block_waits(40, {0x00, 0x01, 0x00, 0xfe, 0xff}));
  EXPECT_FALSE(final_block_waits(32, {0x4a, 0x4c, 0x4c, 0x4c}));
}

TEST(WithholdsOutput, WhereABlockThatIsNotStartedHasSome) {
  const auto withholds = [](std::uint32_t bits, const Tail& tail) {
    return withholds_output(Coding::deflate, words(bits << 10 | 3, 0), tail.bytes);
  };
  // "a" and "b" of fixed codes, and what a flush puts behind them.
  EXPECT_TRUE(withholds(56, {0x4a, 0x4c, 0x02, 0x00, 0x00, 0xff, 0xff}));
  // The same, cut off behind the first letter.
  EXPECT_TRUE(withholds(16, {0x4a, 0x04}));
  // A stored byte.
  EXPECT_TRUE(withholds(48, {0x00, 0x01, 0x00, 0xfe, 0xff, 0x61}));
  // What no stream has: a kind of block, a length that is not its complement's.
  EXPECT_TRUE(withholds(16, {0x06, 0x00}));
  EXPECT_TRUE(withholds(40, {0x00, 0x01, 0x00, 0xff, 0xff}));
  // A stored block without any of its bytes, an empty one, the begin of one with codes of its own.
  EXPECT_FALSE(withholds(40, {0x00, 0x01, 0x00, 0xfe, 0xff}));
  EXPECT_FALSE(withholds(40, {0x00, 0x00, 0x00, 0xff, 0xff}));
  EXPECT_FALSE(withholds(56, {0x04, 0xc0, 0x41, 0x01, 0x00, 0x00, 0x00}));
  EXPECT_FALSE(withholds(0, {0x4a, 0x4c, 0x02, 0x00}));
  // Not where the engine has started.
  EXPECT_FALSE(withholds_output(Coding::deflate, words(16 << 10 | 2, 0), Tail{0x4a, 0x04}.bytes));
}

TEST(CachedTail, IsBehindTheRoundedWindow) {
  EXPECT_EQ(cached_tail_at({{0, 0, 0}, 0, 0}), 64u + 0xc00);
  EXPECT_EQ(cached_tail_at({{0, 0, 1}, 0, 0}), 64u + 0xc00 + 16);
  EXPECT_EQ(cached_tail_at({{0, 0, 0xabcd8000}, 0, 0}), 64u + 0xc00 + 32768);
}

TEST(WindowOf, IsTheSmallestThatIsLargeEnough) {
  EXPECT_EQ(window_of(12), Window::k4);
  EXPECT_EQ(window_of(13), Window::k8);
  EXPECT_EQ(window_of(14), Window::k16);
  EXPECT_EQ(window_of(15), Window::k32);
}

}  // namespace
