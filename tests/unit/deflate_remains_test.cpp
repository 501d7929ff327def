#include "wd/deflate_remains.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "fixtures/sample_bytes.hpp"
#include "zlib_api.hpp"

namespace {

using wd::DeflateArena;
using wd::DeflateRemains;
using wd::StreamCode;
using wd::test::Bytes;
using wd::test::mixture;
using wd::test::Seeded;

// Remains of a message, and plain zlib behind the same message.
class DeflateRemainsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(arena_.reserve(wd::Allocator::standard(), 15, 8), StreamCode::ok);
    ASSERT_EQ(ref_deflateInit2_(&zlib_, 1, Z_DEFLATED, -15, 8, 0, ZLIB_VERSION, sizeof(z_stream)),
              Z_OK);
  }
  void TearDown() override {
    ref_deflateEnd(&zlib_);
    arena_.release();
  }

  void finish(Bytes& message) {
    ref_deflateReset(&zlib_);
    Bytes out(message.size() + 1000);
    zlib_.next_in = message.data();
    zlib_.avail_in = static_cast<uInt>(message.size());
    zlib_.next_out = out.data();
    zlib_.avail_out = static_cast<uInt>(out.size());
    ASSERT_EQ(ref_deflate(&zlib_, Z_FINISH), Z_STREAM_END);
    remains_.clear();
    remains_.keep_history(arena_, message.data(), static_cast<std::uint32_t>(message.size()));
  }
  void add_dictionary(const Bytes& dictionary) {
    const auto bytes = static_cast<std::uint32_t>(dictionary.size());
    ASSERT_EQ(ref_deflateSetDictionary(&zlib_, dictionary.data(), bytes), Z_OK);
    remains_.add_dictionary(arena_, dictionary.data(), bytes);
  }
  void expect_same_dictionary() {
    Bytes zlibs(32768);
    uInt zlibs_bytes = 0;
    ASSERT_EQ(ref_deflateGetDictionary(&zlib_, zlibs.data(), &zlibs_bytes), Z_OK);
    Bytes ours(32768);
    std::uint32_t our_bytes = 0;
    remains_.get_dictionary(arena_, ours.data(), &our_bytes);
    ASSERT_EQ(our_bytes, zlibs_bytes);
    EXPECT_EQ(ours, zlibs);
  }

  DeflateArena arena_;
  DeflateRemains remains_;
  z_stream zlib_{};
};

TEST_F(DeflateRemainsTest, KnowsWhatZlibsWindowHolds) {
  const Bytes bytes = mixture(200000);
  for (const std::size_t size : {1, 511, 32767, 32768, 32769, 65000, 65272, 65273, 65274, 65275,
                                 65276, 65535, 65536, 65537, 98041, 98042, 98043, 131000, 200000}) {
    SCOPED_TRACE(size);
    Bytes message(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    finish(message);
    expect_same_dictionary();
  }
}

TEST_F(DeflateRemainsTest, AddsDictionariesAsZlibDoes) {
  Seeded seeded(5);
  const Bytes bytes = mixture(300000);
  const auto part = [&](std::size_t size) {
    const auto at = static_cast<std::ptrdiff_t>(seeded.below(bytes.size() - size + 1));
    return Bytes(bytes.begin() + at, bytes.begin() + at + static_cast<std::ptrdiff_t>(size));
  };
  for (int round = 0; round < 100; ++round) {
    // Near where the window moves, every byte counts.
    const std::size_t size = seeded.below(2) == 0 ? 65250 + seeded.below(30) : seeded.below(200000);
    Bytes message = part(size);
    finish(message);
    for (int i = 0; i < 6; ++i) {
      const std::size_t most = seeded.below(2) == 0 ? 10 : 40000;
      add_dictionary(part(1 + seeded.below(most)));
      expect_same_dictionary();
    }
  }
}

// What zlib's window moves down by is more than what was there: the dictionary itself loses its
// beginning.
TEST_F(DeflateRemainsTest, ALongDictionaryMayOutgrowTheWindowItMoves) {
  const Bytes bytes = mixture(100000);
  const auto from = [&](std::size_t at, std::size_t size) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
  };
  for (const std::size_t size : {32507, 32600, 32700, 32766, 32767, 32768, 65200})
    for (const std::size_t dictionary : {32506, 32507, 32509, 32600, 32700, 32766, 32767}) {
      SCOPED_TRACE(testing::Message() << size << " bytes, and a dictionary of " << dictionary);
      Bytes message = from(0, size);
      finish(message);
      add_dictionary(from(40000, dictionary));
      expect_same_dictionary();
      add_dictionary(from(7, dictionary));
      expect_same_dictionary();
    }
}

TEST_F(DeflateRemainsTest, HasNoHistoryWithoutAMessage) {
  std::uint32_t bytes = 5;
  remains_.get_dictionary(arena_, nullptr, &bytes);
  EXPECT_EQ(bytes, 0u);
}

TEST_F(DeflateRemainsTest, GivesOutputAndThenTheBitsThatWereAdded) {
  Bytes message = mixture(40000);
  finish(message);
  Bytes waiting = mixture(DeflateRemains::output_capacity(arena_) - 1000, 3);
  remains_.append(arena_, waiting.data(), waiting.size());
  ASSERT_EQ(remains_.prime(arena_, 3, 0b101), StreamCode::ok);
  EXPECT_EQ(remains_.bits(), 3);
  ASSERT_EQ(remains_.prime(arena_, 16, 0xabcd), StreamCode::ok);
  EXPECT_EQ(remains_.bits(), 3);
  EXPECT_EQ(remains_.output_bytes(), waiting.size() + 2);
  expect_same_dictionary();

  Bytes out(waiting.size() + 2);
  const std::uint32_t first = remains_.take(arena_, out.data(), 1000);
  EXPECT_EQ(first, 1000u);
  remains_.take(arena_, out.data() + first, 1u << 30);
  EXPECT_FALSE(remains_.output_waits());
  waiting.push_back(0x6d);  // 0xabcd << 3 | 0b101
  waiting.push_back(0x5e);
  EXPECT_EQ(out, waiting);
}

TEST_F(DeflateRemainsTest, TakesNoMoreBitsThanThereIsRoomFor) {
  Bytes message = mixture(1000);
  finish(message);
  EXPECT_EQ(remains_.prime(arena_, 17, 0), StreamCode::buffer_error);
  EXPECT_EQ(remains_.prime(arena_, -1, 0), StreamCode::buffer_error);
  const std::size_t room = DeflateRemains::output_capacity(arena_);
  for (std::size_t bytes = 0; bytes + 2 <= room; bytes += 2)
    ASSERT_EQ(remains_.prime(arena_, 16, 0xffff), StreamCode::ok);
  EXPECT_EQ(remains_.prime(arena_, 16, 0xffff), StreamCode::buffer_error);
  EXPECT_EQ(remains_.output_bytes(), room);
}

TEST_F(DeflateRemainsTest, IsCopiedWithWhatItHolds) {
  Bytes message = mixture(50000);
  finish(message);
  ASSERT_EQ(remains_.prime(arena_, 13, 0x1234), StreamCode::ok);
  DeflateArena other;
  ASSERT_EQ(other.reserve(wd::Allocator::standard(), 15, 8), StreamCode::ok);
  DeflateRemains copy;
  copy.copy_from(remains_, arena_, other);
  std::uint8_t byte = 0;
  EXPECT_EQ(copy.take(other, &byte, 5), 1u);
  EXPECT_EQ(byte, 0x34);
  EXPECT_EQ(copy.bits(), 5);
  Bytes dictionary(32768);
  std::uint32_t bytes = 0;
  copy.get_dictionary(other, dictionary.data(), &bytes);
  EXPECT_TRUE(std::equal(message.end() - 32768, message.end(), dictionary.begin()));
  other.release();
}

}  // namespace
