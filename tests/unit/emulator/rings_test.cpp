// Rings, doorbells and interrupts.
#include <gtest/gtest.h>
#include <sys/time.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "zip_words.hpp"

namespace wd::test {
namespace {

Words tagged(std::uint32_t tag) {
  Words words{};
  words[4] = 100;
  words[14] = 200;
  words[26] = tag;
  return words;
}

TEST(EmulatedRing, CompletesAcrossManyWraps) {
  for (const char* engine : {"null", "null-inline"}) {
    const Emulated emulated(std::string("hisi_zip:depth=5:engine=") + engine);
    TinyQueue queue(emulated, 0, {.depth = 5});
    std::uint32_t sent = 0;
    std::uint32_t back = 0;
    while (back < 1003) {
      const std::uint32_t burst = 1 + sent % 4;
      for (std::uint32_t each = 0; each < burst; ++each) queue.submit(tagged(sent++));
      for (std::uint32_t each = 0; each < burst; ++each) {
        const auto completion = queue.reap();
        ASSERT_TRUE(completion);
        EXPECT_EQ(completion->slot, back % 5);
        EXPECT_EQ(completion->queue, queue.number());
        EXPECT_EQ(completion->answer[26], back++);
        EXPECT_EQ(completion->answer[0], 100U);
      }
    }
    EXPECT_FALSE(queue.look());
  }
}

TEST(EmulatedRing, TakesDepthLessOneAtOnce) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  for (std::uint32_t round = 0; round < 3; ++round) {
    for (std::uint32_t each = 0; each < 1023; ++each) queue.submit(tagged(each));
    for (std::uint32_t each = 0; each < 1023; ++each) {
      const auto completion = queue.reap();
      ASSERT_TRUE(completion);
      EXPECT_EQ(completion->answer[26], each);
    }
  }
}

TEST(EmulatedRing, OneDoorbellIsEnoughForMany) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  for (int slot = 0; slot < 10; ++slot) std::memset(queue.shared() + slot * 128, 0, 128);
  queue.ring_submission(10);
  for (int each = 0; each < 10; ++each) EXPECT_TRUE(queue.reap());
}

TEST(EmulatedRing, OverflowsWhenCompletionsAreNotTaken) {
  const Emulated emulated("hisi_zip:engine=null:depth=8");
  TinyQueue queue(emulated, 0, {.depth = 8});
  for (int each = 0; each < 7; ++each) {
    queue.submit(tagged(0));
    ASSERT_TRUE(soon([&] { return queue.look(false).has_value(); }));
  }
  EXPECT_FALSE(queue.transmission_stopped());
  queue.submit(tagged(0));
  EXPECT_TRUE(queue.waits_for_stop());
  EXPECT_TRUE(queue.transmission_stopped());
}

TEST(EmulatedRing, IgnoresDoorbellsThatMeanNothing) {
  const Emulated emulated("hisi_zip:engine=null:depth=8");
  TinyQueue queue(emulated, 0, {.depth = 8});
  queue.ring_submission(8);
  queue.ring_submission(0xffff);
  queue.submit(tagged(5));
  EXPECT_EQ(queue.reap()->answer[26], 5U);
  const SystemCalls& calls = emulated.calls();
  std::uint64_t elsewhere = 0;
  calls.after_doorbell(calls.world, &elsewhere);
  EXPECT_EQ(emulated.count("requests"), 1);
}

TEST(EmulatedRing, DropsDoorbellsOfAStoppedQueue) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  queue.ioctl(kPutQueue);
  queue.submit(tagged(1));
  queue.start();
  EXPECT_EQ(emulated.count("requests"), 0);
}

TEST(EmulatedInterrupt, IsArmedFromTheStart) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 0), 0);
  queue.submit(tagged(1));
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 5000), 1);
  EXPECT_EQ(emulated.count("interrupts"), 1);
  EXPECT_TRUE(queue.look(true, false));
  // The last doorbell said that nobody waits.
  queue.submit(tagged(2));
  EXPECT_TRUE(queue.reap());
  EXPECT_EQ(emulated.count("interrupts"), 1);
}

TEST(EmulatedInterrupt, FiresAgainWhenArmedAgain) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  const SystemCalls& calls = emulated.calls();
  for (int round = 1; round <= 100; ++round) {
    queue.submit(tagged(1));
    EXPECT_EQ(calls.poll(calls.world, queue.fd(), 5000), 1);
    // poll() looks at the ring by itself, so it may be done before the interrupt.
    EXPECT_TRUE(soon([&] { return emulated.count("interrupts") == round; }));
    EXPECT_TRUE(queue.look(true, true));
  }
}

TEST(EmulatedInterrupt, FiresAtOnceWhenArmedTooLate) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  queue.submit(tagged(1));
  ASSERT_TRUE(queue.reap());
  queue.submit(tagged(2));
  queue.submit(tagged(3));
  ASSERT_TRUE(soon([&] { return emulated.count("completions") == 3; }));
  EXPECT_EQ(emulated.count("interrupts"), 1);
  EXPECT_TRUE(queue.look(true, true));  // one more is there
  EXPECT_EQ(emulated.count("interrupts"), 2);
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 5000), 1);
}

TEST(EmulatedInterrupt, OnePollTakesAllThatTheRingHolds) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  for (std::uint32_t each = 0; each < 5; ++each) queue.submit(tagged(each));
  ASSERT_TRUE(soon([&] { return emulated.count("completions") == 5; }));
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 5000), 1);
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 1), 0);
}

TEST(EmulatedInterrupt, IsATokenWithTheVendorsKernel) {
  const Emulated emulated("hisi_zip:engine=null:kernel=kae");
  TinyQueue queue(emulated, 0);
  const SystemCalls& calls = emulated.calls();
  queue.submit(tagged(0));
  ASSERT_TRUE(queue.reap());
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 5000), 1);
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 0), 0);
}

TEST(EmulatedInterrupt, WaitingCanBeInterrupted) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  struct sigaction action {};
  action.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGALRM, &action, &before);
  // Again and again: the first may come before poll() waits.
  const itimerval often{{0, 2000}, {0, 2000}};
  setitimer(ITIMER_REAL, &often, nullptr);
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), -1), -EINTR);
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &before, nullptr);
}

}  // namespace
}  // namespace wd::test
