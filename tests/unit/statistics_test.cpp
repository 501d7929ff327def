#include "wd/statistics.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "fixtures/child.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/context.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace {

using wd::Algorithm;
using wd::Context;
using wd::Engine;
using wd::FallbackReason;
using wd::Format;
using wd::RequestCounts;
using wd::test::Bytes;
using wd::test::room_of;
using wd::test::span_of;
using wd::test::text;

std::uint64_t fallbacks(const RequestCounts& counts, FallbackReason reason) {
  return counts.fallbacks[static_cast<std::size_t>(reason)];
}

class Statistics : public testing::Test {
 protected:
  Statistics() { context_.enable_statistics(); }

  std::size_t compress(Bytes& packed, int level = 6) const {
    packed.resize(wd::compress_bound(Format::zlib, plain_.size()));
    const auto done = wd::compress(context_, Format::zlib, level, span_of(plain_), room_of(packed));
    EXPECT_TRUE(done);
    packed.resize(*done);
    return packed.size();
  }

  const Bytes plain_ = text(10000);
  Context context_{wd::Config{}};
};

TEST_F(Statistics, AreOffUnlessAskedFor) {
  const Context quiet{wd::Config{}};
  Bytes out(200);
  ASSERT_TRUE(wd::compress(quiet, Format::zlib, 6, span_of(text(100)), room_of(out)));
  EXPECT_EQ(quiet.counters(), nullptr);
  EXPECT_EQ(quiet.statistics(Algorithm::deflate, Engine::libdeflate).requests, 0u);
}

TEST_F(Statistics, CountWholeMessagesByEngine) {
  Bytes packed;
  const std::size_t bytes = compress(packed) + compress(packed);
  const RequestCounts whole = context_.statistics(Algorithm::deflate, Engine::libdeflate);
  EXPECT_EQ(whole.requests, 2u);
  EXPECT_EQ(whole.bytes_in, 2 * plain_.size());
  EXPECT_EQ(whole.bytes_out, bytes);
  EXPECT_EQ(context_.statistics(Algorithm::deflate, Engine::zlib).requests, 0u);
  compress(packed, 0);
  EXPECT_GT(context_.statistics(Algorithm::deflate, Engine::zlib).requests, 0u);
  EXPECT_EQ(context_.statistics(Algorithm::deflate, Engine::zlib).bytes_in, plain_.size());
}

TEST_F(Statistics, CountDecompression) {
  const Bytes packed = wd::test::reference_compress(Format::zlib, plain_);
  Bytes out(plain_.size());
  ASSERT_TRUE(wd::decompress(context_, Format::zlib, span_of(packed), room_of(out)));
  const RequestCounts counts = context_.statistics(Algorithm::inflate, Engine::inflate);
  EXPECT_EQ(counts.requests, 1u);
  EXPECT_EQ(counts.bytes_in, packed.size());
  EXPECT_EQ(counts.bytes_out, plain_.size());
}

TEST_F(Statistics, CountStreamsInTheirBytes) {
  auto session = wd::Decompressor::open(context_, {.format = Format::gzip});
  ASSERT_TRUE(session);
  const Bytes packed = wd::test::reference_compress(Format::gzip, plain_);
  Bytes out(plain_.size() + 1);
  const wd::ConstBuffer in{packed.data(), packed.size()};
  const wd::MutableBuffer room{out.data(), out.size()};
  const auto done = session->run({.in = {&in, 1}, .out = {&room, 1}});
  ASSERT_TRUE(done);
  const RequestCounts counts = context_.statistics(Algorithm::inflate, Engine::inflate);
  EXPECT_EQ(counts.bytes_in, packed.size());
  EXPECT_EQ(counts.bytes_out, plain_.size());
}

TEST_F(Statistics, SayWhyAnEngineGaveWay) {
  // Nothing makes this smaller, and the room is for stored blocks: what libdeflate makes is larger.
  const Bytes plain = wd::test::noise(5000, 1);
  Bytes packed(wd::compress_bound(Format::zlib, plain.size()));
  ASSERT_TRUE(wd::compress(context_, Format::zlib, 6, span_of(plain), room_of(packed)));
  const std::uint64_t before = fallbacks(
      context_.statistics(Algorithm::deflate, Engine::libdeflate), FallbackReason::does_not_fit);
  packed.resize(20);
  EXPECT_FALSE(wd::compress(context_, Format::zlib, 6, span_of(plain), room_of(packed)));
  EXPECT_GT(fallbacks(context_.statistics(Algorithm::deflate, Engine::libdeflate),
                      FallbackReason::does_not_fit),
            before);
}

TEST_F(Statistics, StartAtZeroInAForkedChild) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "no page is wiped here (qemu-user)";
  Bytes packed;
  compress(packed);
  EXPECT_EQ(wd::test::in_child([&] {
              const RequestCounts counts =
                  context_.statistics(Algorithm::deflate, Engine::libdeflate);
              return counts.requests == 0 && counts.bytes_in == 0 && counts.bytes_out == 0 ? 0 : 1;
            }),
            0);
  EXPECT_EQ(wd::test::in_child([&] {
              compress(packed);
              return static_cast<int>(
                  context_.statistics(Algorithm::deflate, Engine::libdeflate).requests);
            }),
            1);
  EXPECT_EQ(context_.statistics(Algorithm::deflate, Engine::libdeflate).requests, 1u)
      << "the parent's go on";
}

TEST_F(Statistics, HaveANameForEachRow) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Algorithm::count_); ++i)
    names.insert(wd::name_of(static_cast<Algorithm>(i)));
  EXPECT_EQ(names, (std::set<std::string>{"deflate", "inflate", "crc32", "adler32", "aes-gcm",
                                          "aes-ctr", "aes-cbc", "sha1", "sha2", "hmac"}));
  names.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(Engine::count_); ++i)
    names.insert(wd::name_of(static_cast<Engine>(i)));
  EXPECT_EQ(names, (std::set<std::string>{"zlib", "libdeflate", "inflate", "checksum", "vaes",
                                          "ipsec-mb", "libcrypto", "hisi_zip"}));
  names.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(FallbackReason::count_); ++i)
    names.insert(wd::name_of(static_cast<FallbackReason>(i)));
  EXPECT_EQ(names, (std::set<std::string>{"does_not_fit", "not_whole", "unsupported", "too_small",
                                          "shallow", "no_device", "queues_exhausted",
                                          "device_unavailable", "device_set_aside", "known_answer",
                                          "device_fault", "forked", "no_memory", "too_long"}));
  EXPECT_STREQ(wd::backend_of(Engine::hisi_zip), "hisi");
  EXPECT_STREQ(wd::backend_of(Engine::zlib), "software");
}

}  // namespace
