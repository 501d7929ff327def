// Several threads on one queue and on one pool, the device in a thread of its own: for the thread
// sanitizer, and for what must not get lost.
#include <gtest/gtest.h>
#include <sched.h>

#include <barrier>
#include <mutex>
#include <thread>
#include <vector>

#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/null_device.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/qm/queue.hpp"
#include "hisi/qm/queue_pool.hpp"
#include "hisi/zip/engine.hpp"

namespace {

using wd::Format;
using wd::hisi::Descriptor;
using wd::hisi::PoolSettings;
using wd::hisi::Queue;
using wd::hisi::QueuePool;
using wd::hisi::QueueSettings;
using wd::hisi::Sharing;
using wd::hisi::zip::Engine;
using wd::hisi::zip::MessageEnd;
using wd::ring::Tag;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;
using wd::test::NullDevice;
using wd::test::Seeded;
using Submitted = Queue::Submitted;

constexpr std::uint8_t kTagWord = 26;
constexpr int kThreads = 4;

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

Submitted submit(Queue& queue, Tag& tag, std::uint32_t word) {
  return queue.submit(tag, [&](Tag given) noexcept {
    Descriptor descriptor{};
    descriptor.word[0] = word;
    descriptor.word[kTagWord] = given;
    return descriptor;
  });
}

Queue* open(FakeUacce& fake, const wd::SystemCalls& calls, const std::atomic<std::uint32_t>& here) {
  const auto info = wd::read_device(calls, fake.roots(), "hisi_zip-0");
  return *Queue::open(calls, fake.roots(), *info, QueueSettings{wd::QueueKind{0}, kTagWord}, here);
}

// It gives nothing back while the test is under way.
QueuePool* pool_of_one_queue(const wd::SystemCalls& calls) {
  static constexpr const char* kAlgorithms[] = {"zlib"};
  PoolSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  settings.family = "hisi_zip";
  settings.algorithms = kAlgorithms;
  settings.tag_word = [](unsigned) noexcept { return kTagWord; };
  settings.least_work_bytes = 0;
  settings.max_queues = 1;
  settings.idle = std::chrono::hours(1);
  return *QueuePool::create(settings);
}

TEST(QueueThreads, EachGetsItsOwnAnswers) {
  FakeUacce fake;
  fake.depth = 32;  // full now and then
  const wd::SystemCalls calls = NullDevice::calls(fake);
  const std::atomic<std::uint32_t> here{1};
  Queue* queue = open(fake, calls, here);
  queue->share(Sharing::many);
  {
    NullDevice device(fake, fake.only_file());
    in_threads([&](int number) {
      Seeded seeded(static_cast<std::uint64_t>(number));
      for (int round = 0; round < 300; ++round) {
        struct Flying {
          Tag tag;
          std::uint32_t word;
        };
        std::vector<Flying> flying;
        for (std::size_t i = 1 + seeded.below(7); i > 0; --i) {
          Flying one{0, static_cast<std::uint32_t>(seeded.next())};
          const Submitted submitted = submit(*queue, one.tag, one.word);
          ASSERT_NE(submitted, Submitted::refused);
          if (submitted == Submitted::yes) flying.push_back(one);
        }
        for (const Flying& one : flying) {
          Descriptor answer{};
          ASSERT_EQ(queue->wait(one.tag, answer), Queue::End::answered);
          ASSERT_EQ(answer.word[0], one.word);
          ASSERT_EQ(answer.word[1], one.word ^ 0x5a5a5a5a);
        }
      }
    });
  }
  EXPECT_TRUE(queue->usable());
  EXPECT_EQ(queue->in_flight(), 0u);
  Queue::destroy(queue);
}

// Whoever answers for the kernel reads back what was rung: nobody else may ring meanwhile.
TEST(QueueThreads, RingADoorbellOneAtATime) {
  struct World {
    FakeUacce fake;
    wd::SystemCalls calls{};
    std::atomic<int> inside{0};
    std::atomic<int> met{0};
    std::atomic<int> rung{0};
  } world;
  world.calls = NullDevice::calls(world.fake);
  wd::SystemCalls calls = world.calls;
  // The device is found by the fake's own calls; only doorbells come by here.
  static World* here_world = nullptr;
  here_world = &world;
  calls.after_doorbell = [](void*, volatile void* doorbell) noexcept {
    World& self = *here_world;
    const auto* word = static_cast<volatile std::uint64_t*>(doorbell);
    if (self.inside.fetch_add(1) != 0) ++self.met;
    const std::uint64_t before = __atomic_load_n(word, __ATOMIC_RELAXED);
    sched_yield();
    if (__atomic_load_n(word, __ATOMIC_RELAXED) != before) ++self.met;
    self.calls.after_doorbell(self.calls.world, doorbell);
    ++self.rung;
    self.inside.fetch_sub(1);
  };
  const std::atomic<std::uint32_t> here{1};
  Queue* queue = open(world.fake, calls, here);
  queue->share(Sharing::many);
  {
    NullDevice device(world.fake, world.fake.only_file());
    in_threads([&](int) {
      for (int i = 0; i < 300; ++i) {
        Tag tag = 0;
        ASSERT_EQ(submit(*queue, tag, 7), Submitted::yes);
        Descriptor answer{};
        ASSERT_EQ(queue->wait(tag, answer), Queue::End::answered);
      }
    });
  }
  EXPECT_EQ(world.met.load(), 0);
  EXPECT_GE(world.rung.load(), kThreads * 300);
  Queue::destroy(queue);
}

TEST(QueueThreads, AllLearnThatTheQueueHasEnded) {
  FakeUacce fake;
  const wd::SystemCalls calls = NullDevice::calls(fake);
  const std::atomic<std::uint32_t> here{1};
  Queue* queue = open(fake, calls, here);
  queue->share(Sharing::many);
  std::atomic<int> waiting{0};
  in_threads([&](int number) {
    Tag tag = 0;
    ASSERT_EQ(submit(*queue, tag, 1), Submitted::yes);
    // Nobody answers; the last one to come finds the device in reset.
    if (++waiting == kThreads) fake.set_stop(fake.only_file(), true, true);
    Descriptor answer{};
    EXPECT_EQ(queue->wait(tag, answer), Queue::End::lost) << number;
  });
  EXPECT_EQ(fake.open_files(), 0);
  Queue::destroy(queue);
}

// The kernel that the tests make up is not for several threads; the pool asks it from one at a
// time, but for identity and sleep.
TEST(PoolThreads, ShareWhatThereIs) {
  FakeUacce fake;
  const wd::SystemCalls calls = NullDevice::calls(fake);
  QueuePool* pool = pool_of_one_queue(calls);
  ASSERT_TRUE(pool->lease({0, wd::QueueKind{0}, 1}));
  {
    NullDevice device(fake, fake.only_file());
    in_threads([&](int) {
      for (int i = 0; i < 500; ++i) {
        QueuePool::Lease lease = pool->lease({0, wd::QueueKind{0}, 1});
        if (!lease) continue;  // while somebody else is on the threshold
        Tag tag = 0;
        const auto word = static_cast<std::uint32_t>(i);
        // Full for a moment: once round the ring somebody has not fetched an old answer yet.
        Submitted submitted = submit(lease.queue(), tag, word);
        for (; submitted == Submitted::full; submitted = submit(lease.queue(), tag, word))
          sched_yield();
        ASSERT_EQ(submitted, Submitted::yes);
        Descriptor answer{};
        ASSERT_EQ(lease.queue().wait(tag, answer), Queue::End::answered);
        ASSERT_EQ(answer.word[1], word ^ 0x5a5a5a5a);
      }
    });
    EXPECT_EQ(fake.files.size(), 1u);
    EXPECT_EQ(pool->held(), 1u);
  }
  QueuePool::destroy(pool);
}

// A queue that somebody gives back just after another has looked for one is taken as it is, neither
// closed nor opened again.
TEST(PoolThreads, KeepAQueueThatFits) {
  FakeUacce fake;
  const wd::SystemCalls calls = NullDevice::calls(fake);
  QueuePool* pool = pool_of_one_queue(calls);
  std::atomic<int> leased{0};
  in_threads([&](int) {
    for (int i = 0; i < 20000; ++i)
      if (pool->lease({0, wd::QueueKind{0}, 1})) ++leased;
  });
  EXPECT_GT(leased.load(), 20000);
  EXPECT_EQ(fake.files.size(), 1u);
  QueuePool::destroy(pool);
}

// More threads than queues, messages both ways, and a device that fails now and then in every way
// that it can: each message is right, or is said not to be done.
TEST(EngineThreads, LoseNothingToAFaultyDevice) {
  FakeUacce fake;
  FakeZip zip(fake);
  zip.keep_seen = false;
  fake.add_device("hisi_zip-1", "hisi_qm_v2", "zlib\ngzip");
  const wd::SystemCalls calls = fake.calls();
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  settings.least_work_bytes = 0;
  settings.timeout = std::chrono::milliseconds(5);
  Engine* engine = *Engine::create(settings);
  // Under the lock of the kernel's doorbell.
  Seeded fate(1);
  zip.before = [&](const std::uint32_t*) { return fate.below(60) != 0; };
  zip.after = [&](std::uint32_t* words) {
    switch (fate.below(200)) {
      case 0:
        words[3] = 0x55;
        break;
      case 1:
        words[1] = words[14] + 1;
        break;
      case 2:
        words[0] = 0;
        words[1] = 0;
        break;
      case 3:
        words[26] ^= 1;  // another request's tag
        words[13] ^= 1;
        break;
      default:
        break;
    }
  };
  std::atomic<int> done{0};
  in_threads([&](int number) {
    Seeded seeded(static_cast<std::uint64_t>(number) + 10);
    for (int round = 0; round < 150; ++round) {
      const Bytes plain = wd::test::mixture(1 + seeded.below(3000), seeded.next());
      const Format format = seeded.below(2) == 0 ? Format::zlib : Format::gzip;
      if (seeded.below(2) == 0) {
        Bytes packed(plain.size() + 1000);
        const auto answer = engine->compress({.format = format}, plain.data(), plain.size(),
                                             packed.data(), packed.size());
        if (answer.end != MessageEnd::done) continue;
        packed.resize(answer.produced);
        ASSERT_EQ(wd::test::reference_decompress(format, packed, plain.size()), plain);
      } else {
        const Bytes packed = wd::test::reference_compress(format, plain);
        Bytes back(plain.size() + 10);
        const auto answer = engine->decompress({.format = format}, packed.data(), packed.size(),
                                               back.data(), back.size());
        if (answer.end != MessageEnd::done) continue;
        back.resize(answer.produced);
        ASSERT_EQ(back, plain);
      }
      ++done;
    }
  });
  EXPECT_GT(done.load(), 20);
  EXPECT_LE(engine->pool().held(), 4u);
  Engine::destroy(engine);
  EXPECT_EQ(fake.open_files(), 0);
}

}  // namespace
