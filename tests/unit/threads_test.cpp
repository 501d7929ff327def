// Several threads on one Context: for the thread sanitizer, and for the counts.
#include <gtest/gtest.h>

#include <barrier>
#include <thread>
#include <vector>

#include "fixtures/pieces.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/checksum.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace {

using wd::Algorithm;
using wd::Context;
using wd::Engine;
using wd::Flush;
using wd::Format;
using wd::Status;
using wd::test::Bytes;
using wd::test::mixture;
using wd::test::room_of;
using wd::test::span_of;

constexpr int kThreads = 4;
constexpr int kRounds = 20;

// Runs `body(number)` in several threads that begin at once.
template <class Body>
void in_threads(Body&& body) {
  std::barrier begin(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      begin.arrive_and_wait();
      body(i);
    });
  for (std::thread& thread : threads) thread.join();
}

bool round_trips(const Context& context, Format format, int level, const Bytes& plain) {
  Bytes packed(wd::compress_bound(format, plain.size()));
  const auto made = wd::compress(context, format, level, span_of(plain), room_of(packed));
  if (!made) return false;
  packed.resize(*made);
  Bytes back(plain.size());
  const auto read = wd::decompress(context, format, span_of(packed), room_of(back));
  return read && read->produced == plain.size() && back == plain;
}

// First in this program: several threads meet everything that is set up on first use.
TEST(Threads, MayComeFirstAllAtOnce) {
  const Context context{wd::Config{}};
  const Bytes plain = mixture(5000);
  in_threads([&](int number) {
    auto compressor = wd::Compressor::open(context, {.format = Format::gzip});
    ASSERT_TRUE(compressor);
    EXPECT_TRUE(round_trips(context, Format::zlib, 1 + number, plain));
  });
}

TEST(Threads, ShareAContext) {
  Context context{wd::Config{}};
  context.enable_statistics();
  const Bytes plain = mixture(20000);
  in_threads([&](int number) {
    for (int round = 0; round < kRounds; ++round) {
      EXPECT_TRUE(round_trips(context, Format::zlib, 1 + (number + round) % 9, plain));
      const wd::RequestCounts seen = context.statistics(Algorithm::deflate, Engine::libdeflate);
      EXPECT_GE(seen.requests, static_cast<std::uint64_t>(round + 1));
    }
  });
  const wd::RequestCounts packed = context.statistics(Algorithm::deflate, Engine::libdeflate);
  EXPECT_EQ(packed.requests, kThreads * kRounds);
  EXPECT_EQ(packed.bytes_in, kThreads * kRounds * plain.size());
  const wd::RequestCounts unpacked = context.statistics(Algorithm::inflate, Engine::inflate);
  EXPECT_EQ(unpacked.requests, kThreads * kRounds);
  EXPECT_EQ(unpacked.bytes_out, kThreads * kRounds * plain.size());
}

TEST(Threads, RunSessionsOfTheirOwn) {
  const Context context{wd::Config{}};
  in_threads([&](int number) {
    const Bytes plain = mixture(20000, static_cast<std::uint64_t>(number));
    auto compressor = wd::Compressor::open(context, {.format = Format::gzip, .level = number + 1});
    auto decompressor = wd::Decompressor::open(context, {});
    ASSERT_TRUE(compressor);
    ASSERT_TRUE(decompressor);
    for (int round = 0; round < kRounds; ++round) {
      Bytes packed(30000);
      const auto half =
          wd::test::run_whole(*compressor, std::span(plain).first(10000), packed, Flush::sync);
      ASSERT_TRUE(half);
      const auto rest =
          wd::test::run_whole(*compressor, std::span(plain).subspan(10000),
                              std::span(packed).subspan(half->produced), Flush::finish);
      ASSERT_TRUE(rest);
      packed.resize(half->produced + rest->produced);
      Bytes back(plain.size());
      const auto read = wd::test::run_whole(*decompressor, packed, back, Flush::finish);
      ASSERT_TRUE(read);
      EXPECT_EQ(read->status, Status::end);
      EXPECT_EQ(back, plain);
    }
  });
}

// A session may go from thread to thread, one at a time.
TEST(Threads, HandASessionOn) {
  const Context context{wd::Config{}};
  const Bytes plain = mixture(kThreads * 1000);
  auto compressor = wd::Compressor::open(context, {});
  ASSERT_TRUE(compressor);
  Bytes packed(10000);
  std::size_t produced = 0;
  for (int i = 0; i < kThreads; ++i)
    std::thread([&] {
      const auto done = wd::test::run_whole(
          *compressor, std::span(plain).subspan(static_cast<std::size_t>(i) * 1000, 1000),
          std::span(packed).subspan(produced), i + 1 < kThreads ? Flush::none : Flush::finish);
      ASSERT_TRUE(done);
      produced += done->produced;
    }).join();
  packed.resize(produced);
  Bytes back(plain.size());
  ASSERT_TRUE(wd::decompress(context, Format::zlib, span_of(packed), room_of(back)));
  EXPECT_EQ(back, plain);
}

TEST(Threads, SumUpOneMessageInParts) {
  const Bytes plain = mixture(400000);
  std::vector<std::uint32_t> crcs(kThreads);
  constexpr std::size_t kPart = 400000 / kThreads;
  in_threads([&](int number) {
    const auto at = static_cast<std::size_t>(number);
    crcs[at] = wd::crc32(0, plain.data() + at * kPart, kPart);
  });
  std::uint32_t whole = 0;
  for (const std::uint32_t crc : crcs) whole = wd::crc32_combine(whole, crc, kPart);
  EXPECT_EQ(whole, wd::crc32(0, plain.data(), plain.size()));
}

}  // namespace
