// The whole way of messages and streams: the core's engine, device nodes, the kernel, the models.
#include <gtest/gtest.h>

#include <thread>

#include "dummy/device_client.hpp"
#include "dummy/engine_process.hpp"
#include "hisi/zip/engine.hpp"

namespace {

using wd::Format;
using wd::hisi::zip::Engine;
using wd::hisi::zip::MessageEnd;
using wd::test::Bytes;
using wd::test::EngineProcess;
using wd::test::mixture;

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};

class DeviceMessages : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    ASSERT_FALSE(process_.names().empty());
    wd::hisi::zip::EngineSettings settings;
    settings.calls = &wd::kernel_calls();
    settings.least_work_bytes = 0;
    settings.max_queues = 16;
    settings.timeout = std::chrono::seconds(30);
    engine_ = *Engine::create(settings);
  }
  void TearDown() override {
    if (engine_ != nullptr) Engine::destroy(engine_);
    EXPECT_EQ(process_.free_queues(), 64);
  }

  // While one thread opens a queue, others are told to do without.
  template <class Call>
  Engine::Answer until_there_is_a_queue(Call&& call) {
    Engine::Answer answer = call();
    while (answer.refusal == wd::hisi::Refusal::none_free) {
      std::this_thread::yield();
      answer = call();
    }
    EXPECT_EQ(answer.end, MessageEnd::done) << static_cast<int>(answer.refusal);
    return answer;
  }
  Bytes compress(Format format, const Bytes& plain) {
    Bytes packed(plain.size() + plain.size() / 8 + 300);
    packed.resize(until_there_is_a_queue([&] {
                    return engine_->compress({.format = format}, plain.data(), plain.size(),
                                             packed.data(), packed.size());
                  }).produced);
    return packed;
  }
  Bytes decompress(Format format, const Bytes& packed, std::size_t bytes) {
    Bytes plain(bytes + 16);
    plain.resize(until_there_is_a_queue([&] {
                   return engine_->decompress({.format = format}, packed.data(), packed.size(),
                                              plain.data(), plain.size());
                 }).produced);
    return plain;
  }

  EngineProcess process_{GetParam()};
  Engine* engine_ = nullptr;
};

TEST_P(DeviceMessages, GoThereAndBack) {
  for (const Format format : kFormats) {
    if (!engine_->does(format)) continue;
    for (const std::size_t size : {0, 1, 100, 5000, 300000, 3000000}) {
      const Bytes plain = mixture(size, size);
      const Bytes packed = compress(format, plain);
      EXPECT_EQ(wd::test::reference_decompress(format, packed, size), plain) << size;
      EXPECT_EQ(decompress(format, packed, size), plain) << size;
    }
  }
}

TEST_P(DeviceMessages, OfManyThreadsAreNotMixedUp) {
  // Both kinds of queue for each: as many as the pool holds at most.
  constexpr int kThreads = 8;
  constexpr int kRounds = 20;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([this, thread] {
      for (int round = 0; round < kRounds; ++round) {
        const std::size_t size = 1000 + static_cast<std::size_t>(thread * 700 + round * 331);
        const Bytes plain = mixture(size, static_cast<std::uint64_t>(thread * kRounds + round));
        const Bytes packed = compress(Format::gzip, plain);
        EXPECT_EQ(decompress(Format::gzip, packed, size), plain);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST_P(DeviceMessages, AsStreamsInPieces) {
  using wd::hisi::zip::Stream;
  const Bytes plain = mixture(700000, 7);
  auto created = Stream::create({.coding = wd::hisi::zip::Coding::zlib});
  ASSERT_TRUE(created);
  Stream& stream = *created;
  Bytes packed(plain.size() + 100000);
  std::size_t in = 0;
  std::size_t out = 0;
  Stream::End end = Stream::End::more;
  while (end == Stream::End::more) {
    const std::size_t bytes = std::min<std::size_t>(50000, plain.size() - in);
    const auto step =
        engine_->run(stream, plain.data() + in, bytes, packed.data() + out,
                     std::min<std::size_t>(40000, packed.size() - out), in + bytes == plain.size());
    end = step.step.end;
    in += step.step.consumed;
    out += step.step.produced;
  }
  ASSERT_EQ(end, Stream::End::complete);
  packed.resize(out);
  // The body and the trailer; the header is its caller's.
  const Bytes header{0x78, 0x9c};
  packed.insert(packed.begin(), header.begin(), header.end());
  EXPECT_EQ(wd::test::reference_decompress(Format::zlib, packed, plain.size()), plain);
}

INSTANTIATE_TEST_SUITE_P(Generations, DeviceMessages,
                         testing::Values("hisi_zip:api=v3", "hisi_zip:api=v2"),
                         [](const auto& row) { return std::string(row.param).substr(13); });

}  // namespace
