// Forks of a process that works on devices, by the library as a whole: whatever was in flight, what
// parent and child compress is right.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "emulator/tiny_driver.hpp"
#include "fixtures/pieces.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "fixtures/talking_child.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

class ForkOnDevices : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  }
  static Config config_for(const std::string& parameters) {
    Config config;
    config.backend = BackendChoice::hisi;
    config.max_queues = 16;
    std::snprintf(config.emulate, sizeof(config.emulate), "hisi_zip:api=%s%s", GetParam(),
                  parameters.c_str());
    return config;
  }
};

INSTANTIATE_TEST_SUITE_P(Generations, ForkOnDevices, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

std::uint64_t done_by_devices(const Context& context, Algorithm algorithm) {
  return context.statistics(algorithm, Engine::hisi_zip).requests;
}

bool compresses(const Context& context, std::span<const std::uint8_t> plain,
                std::span<std::uint8_t> room) {
  const auto made =
      compress(context, Format::zlib, 6, std::as_bytes(plain), std::as_writable_bytes(room));
  if (!made) return false;
  const auto back = reference_decompress(Format::zlib, room.first(*made), plain.size());
  return back && std::equal(plain.begin(), plain.end(), back->begin(), back->end());
}

bool round_trips(const Context& context, const Bytes& plain) {
  Bytes room(compress_bound(Format::zlib, plain.size()));
  if (!compresses(context, plain, room)) return false;
  const Bytes packed = reference_compress(Format::gzip, plain);
  Bytes back(plain.size());
  const auto read = decompress(context, Format::gzip, span_of(packed), room_of(back));
  return read && back == plain;
}

// What a child does on devices is on devices of its own, whose threads the sanitizer does not
// allow.
bool works_in_a_child(const Context& context, const Bytes& plain) {
  if (kThreadSanitizer) return true;
  if (done_by_devices(context, Algorithm::deflate) != 0) return false;  // starts at zero
  return round_trips(context, plain) && done_by_devices(context, Algorithm::deflate) == 1 &&
         done_by_devices(context, Algorithm::inflate) == 1;
}

// Threads compress and decompress, slowly, next to one another's memory; the one that forks writes
// in between, the children everywhere.
TEST_P(ForkOnDevices, LeavesRequestsOfOtherThreadsAlone) {
  constexpr std::size_t kThreads = 3;
  constexpr std::size_t kPlain = 10'000, kRoom = 15'000, kGap = 100;  // no whole pages
  constexpr std::size_t kEach = 2 * kPlain + kRoom + kGap;
  constexpr int kForks = 8;
  Context context(config_for(":delay=3:fault=late_write%60:fault=late%30"));
  context.enable_statistics();
  ASSERT_TRUE(round_trips(context, text(1000)));

  Bytes shared(kThreads * kEach);
  std::atomic<bool> stop{false};
  std::atomic<unsigned> rounds{0}, wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t number = 0; number < kThreads; ++number)
    threads.emplace_back([&, number] {
      const auto all = std::span(shared).subspan(number * kEach, kEach - kGap);
      const auto plain = all.first(kPlain), back = all.subspan(kPlain, kPlain);
      const auto room = all.subspan(2 * kPlain);
      for (std::uint64_t seed = number; !stop.load() && wrong.load() == 0; seed += kThreads) {
        const Bytes fresh = mixture(kPlain, seed);
        std::copy(fresh.begin(), fresh.end(), plain.begin());
        const auto made =
            compress(context, Format::zlib, 6, std::as_bytes(plain), std::as_writable_bytes(room));
        const auto read = made ? decompress(context, Format::zlib, std::as_bytes(room.first(*made)),
                                            std::as_writable_bytes(back))
                               : Result<Decompressed>(made.error());
        if (!read || !std::equal(fresh.begin(), fresh.end(), back.begin())) ++wrong;
        ++rounds;
      }
    });
  const Bytes own = mixture(20'000);
  for (int i = 0; i < kForks; ++i) {
    const unsigned before = rounds.load();
    EXPECT_EQ(in_child([&] {
                std::fill(shared.begin(), shared.end(), std::uint8_t{0xcc});
                if (!kAddressSanitizer && !works_in_a_child(context, own)) return 1;
                for (const std::uint8_t byte : shared)
                  if (byte != 0xcc) return 2;
                return 0;
              }),
              0);
    for (std::size_t number = 1; number <= kThreads; ++number)
      std::fill_n(shared.begin() + static_cast<std::ptrdiff_t>(number * kEach - kGap), kGap,
                  static_cast<std::uint8_t>(i));
    EXPECT_TRUE(soon([&] { return rounds.load() > before; }));
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0u);
  for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::inflate}) {
    const RequestCounts counts = context.statistics(algorithm, Engine::hisi_zip);
    // While another thread opens a queue, work is done in software.
    EXPECT_GE(counts.requests, rounds.load() / 2);
    EXPECT_EQ(counts.fallbacks[static_cast<std::size_t>(FallbackReason::device_fault)], 0u);
    EXPECT_EQ(counts.fallbacks[static_cast<std::size_t>(FallbackReason::forked)], 0u);
  }
}

TEST_P(ForkOnDevices, GoesOnInChildrenOfChildren) {
  Context context(config_for(""));
  context.enable_statistics();
  const Bytes plain = mixture(50'000);
  ASSERT_TRUE(round_trips(context, plain));
  for (const ForkCall how : kForkCalls) {
    TalkingChild child(
        [&](const TalkLine&) {
          const int grandchild = in_child([&] {
            const int great_grandchild =
                in_child([&] { return works_in_a_child(context, plain) ? 0 : 1; });
            return works_in_a_child(context, plain) ? great_grandchild : 2;
          });
          if (!works_in_a_child(context, plain)) return 3;
          // Now there is something to inherit.
          if (in_child([&] { return works_in_a_child(context, plain) ? 0 : 1; }) != 0) return 4;
          return kThreadSanitizer || round_trips(context, plain) ? grandchild : 5;
        },
        how);
    EXPECT_EQ(child.end(), 0);
  }
  EXPECT_TRUE(round_trips(context, plain));
  EXPECT_EQ(done_by_devices(context, Algorithm::deflate), 2u);
  EXPECT_EQ(done_by_devices(context, Algorithm::inflate), 2u);
}

// Of a stream in its middle: in the child it goes on where it was, in software, since emulated
// devices stay behind; in the parent on its device.
TEST_P(ForkOnDevices, TakesStreamsAlong) {
  Context context(config_for(""));
  context.enable_statistics();
  const Bytes plain = mixture(400'000);
  const Bytes packed = reference_compress(Format::gzip, plain);
  auto compressor = Compressor::open(context, {.format = Format::zlib});
  auto decompressor = Decompressor::open(context, {.format = Format::gzip});
  ASSERT_TRUE(compressor);
  ASSERT_TRUE(decompressor);
  Bytes made(plain.size() * 2), read(plain.size() + 10);
  const auto all = std::span<const std::uint8_t>(plain);
  const auto all_packed = std::span<const std::uint8_t>(packed);
  const std::size_t half = plain.size() / 2, half_packed = packed.size() / 2;
  const auto first = run_whole(*compressor, all.first(half), made, Flush::sync);
  const auto first_read =
      run_whole(*decompressor, all_packed.first(half_packed), read, Flush::none);
  ASSERT_TRUE(first);
  ASSERT_TRUE(first_read);
  const auto goes_on = [&] {
    const auto rest = run_whole(*compressor, all.subspan(half),
                                std::span(made).subspan(first->produced), Flush::finish);
    if (!rest || rest->status != Status::end) return 1;
    made.resize(first->produced + rest->produced);
    if (reference_decompress(Format::zlib, made, plain.size()) != plain) return 2;
    const auto rest_read = run_whole(*decompressor, all_packed.subspan(first_read->consumed),
                                     std::span(read).subspan(first_read->produced), Flush::finish);
    if (!rest_read || rest_read->status != Status::end) return 3;
    read.resize(first_read->produced + rest_read->produced);
    return read == plain ? 0 : 4;
  };
  for (const ForkCall how : kForkCalls) {
    TalkingChild child([&](const TalkLine&) { return goes_on(); }, how);
    EXPECT_EQ(child.end(), 0);
  }
  EXPECT_EQ(goes_on(), 0);
  EXPECT_EQ(context.statistics(Algorithm::deflate, Engine::zlib).requests, 0u);
  EXPECT_EQ(context.statistics(Algorithm::inflate, Engine::inflate).requests, 0u);
}

}  // namespace
}  // namespace wd::test
