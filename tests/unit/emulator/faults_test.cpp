// Faults on request, as a driver meets them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class EmulatedFault : public testing::Test {
 protected:
  const Bytes plain_ = text(3000);
  Bytes out_ = Bytes(4000);

  [[nodiscard]] Words request() { return whole(kZlib, plain_, out_); }
  [[nodiscard]] bool is_right(const Words& answer) const {
    if (status_of(answer) != 0 || answer[1] > out_.size()) return false;
    Bytes packed = header_of(kZlib);
    packed.insert(packed.end(), out_.begin(), out_.begin() + answer[1]);
    return reference_decompress(Format::zlib, packed, plain_.size()) == plain_;
  }
};

TEST_F(EmulatedFault, LateComesLate) {
  const Emulated emulated("hisi_zip:fault=late@1:delay=100");
  TinyQueue queue(emulated, 0);
  const auto start = steady_clock::now();
  queue.submit(request());
  queue.submit(request());
  EXPECT_EQ(queue.reap()->slot, 1);  // overtaken
  const auto late = queue.reap();
  ASSERT_TRUE(late);
  EXPECT_EQ(late->slot, 0);
  EXPECT_GE(steady_clock::now() - start, milliseconds(100));
  EXPECT_TRUE(is_right(late->answer));
}

TEST_F(EmulatedFault, LostNeverComes) {
  const Emulated emulated("hisi_zip:fault=lost@2");
  TinyQueue queue(emulated, 0);
  for (int each = 0; each < 3; ++each) queue.submit(request());
  EXPECT_EQ(queue.reap()->slot, 0);
  EXPECT_EQ(queue.reap()->slot, 2);
  queue.ioctl(kPutQueue);
  EXPECT_FALSE(queue.look());
}

TEST_F(EmulatedFault, DoubledComesTwice) {
  const Emulated emulated("hisi_zip:fault=doubled@1");
  TinyQueue queue(emulated, 0);
  queue.submit(request());
  EXPECT_EQ(queue.reap()->slot, 0);
  EXPECT_EQ(queue.reap()->slot, 0);
  queue.submit(request());
  EXPECT_EQ(queue.reap()->slot, 1);
}

TEST_F(EmulatedFault, LateWriteWritesWhenItComes) {
  const Emulated emulated("hisi_zip:fault=late_write@1:delay=20");
  TinyQueue queue(emulated, 0);
  queue.submit(request());
  ASSERT_TRUE(soon([&] { return emulated.count("sleeps") > 0; }));
  const auto late = queue.reap();
  ASSERT_TRUE(late);
  EXPECT_TRUE(is_right(late->answer));
}

TEST_F(EmulatedFault, LateWriteEndsBeforeAStopReturns) {
  const Emulated emulated("hisi_zip:fault=late_write@1+:delay=60000");
  TinyQueue queue(emulated, 0);
  queue.submit(request());
  EXPECT_EQ(queue.ioctl(kPutQueue), 0);
  EXPECT_EQ(emulated.count("completions"), 1);
  const Bytes written = out_;
  EXPECT_NE(written, Bytes(4000));
  out_.assign(4000, 0xbb);
  queue.start();
  EXPECT_EQ(out_, Bytes(4000, 0xbb));
}

TEST_F(EmulatedFault, WrongOutputCountsAndStatus) {
  const Emulated emulated("hisi_zip:fault=corrupt@1:fault=wrong_counts@2:fault=unknown_status@3");
  TinyQueue queue(emulated, 0);
  const Words corrupt = queue.run(request());
  EXPECT_EQ(status_of(corrupt), 0U);
  EXPECT_FALSE(is_right(corrupt));
  const Words counts = queue.run(request());
  EXPECT_EQ(counts[0], plain_.size() + 1);
  EXPECT_GT(counts[1], out_.size());
  EXPECT_EQ(status_of(queue.run(request())), 0xeeU);
  EXPECT_TRUE(is_right(queue.run(request())));
}

TEST_F(EmulatedFault, WrongSlotIsBehindTheRing) {
  const Emulated emulated("hisi_zip:fault=wrong_slot@1");
  TinyQueue queue(emulated, 0);
  queue.submit(request());
  EXPECT_GE(queue.reap()->slot, 1024);
}

TEST_F(EmulatedFault, SlowTakesItsTime) {
  const Emulated emulated("hisi_zip:fault=slow@1:delay=25");
  TinyQueue queue(emulated, 0);
  const auto start = steady_clock::now();
  EXPECT_TRUE(is_right(queue.run(request())));
  EXPECT_GE(steady_clock::now() - start, milliseconds(25));
}

TEST_F(EmulatedFault, StopEndsOneQueue) {
  const Emulated emulated("hisi_zip:fault=stop@2");
  TinyQueue other(emulated, 0);
  TinyQueue queue(emulated, 0);
  for (int each = 0; each < 3; ++each) queue.submit(request());
  EXPECT_TRUE(queue.waits_for_stop());
  EXPECT_TRUE(queue.transmission_stopped());
  for (int each = 0; each < 3; ++each) EXPECT_TRUE(queue.look()) << "drained";
  queue.submit(request());
  EXPECT_TRUE(is_right(other.run(request())));
  EXPECT_FALSE(queue.look());
  queue.ioctl(kPutQueue);
  queue.start();
  EXPECT_TRUE(queue.reception_stopped()) << "until it is opened again";
}

TEST_F(EmulatedFault, ResetStopsAllAndOpenWaits) {
  const Emulated emulated("hisi_zip:fault=reset@1:reset_time=100");
  const SystemCalls& calls = emulated.calls();
  {
    TinyQueue other(emulated, 0);
    TinyQueue queue(emulated, 1);
    TinyQueue sender(emulated, 0);
    sender.submit(request());
    EXPECT_TRUE(sender.waits_for_stop());
    EXPECT_TRUE(sender.look());
    EXPECT_TRUE(other.waits_for_stop());
    EXPECT_TRUE(queue.waits_for_stop());
    EXPECT_EQ(calls.open(calls.world, "/dev/hisi_zip-0", 0), -EPERM);
  }
  int fd = -1;
  EXPECT_TRUE(soon([&] { return (fd = calls.open(calls.world, "/dev/hisi_zip-0", 0)) >= 0; }));
  calls.close(calls.world, fd);
  TinyQueue again(emulated, 0);
  EXPECT_TRUE(is_right(again.run(request())));
}

TEST_F(EmulatedFault, BlockedResetForgetsWhatIsInFlight) {
  const Emulated emulated("hisi_zip:fault=reset_blocked@2:reset_time=0");
  TinyQueue queue(emulated, 0);
  for (int each = 0; each < 4; ++each) queue.submit(request());
  EXPECT_TRUE(queue.waits_for_stop());
  EXPECT_TRUE(queue.look());
  EXPECT_FALSE(queue.look());
}

TEST_F(EmulatedFault, RemovalEndsEverything) {
  const Emulated emulated("hisi_zip:fault=remove@1");
  TinyQueue queue(emulated, 0);
  queue.submit(request());
  EXPECT_TRUE(queue.waits_for_stop());
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(queue.ioctl(kStartQueue), -ENXIO);
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 1), 0);
  EXPECT_EQ(calls.open(calls.world, "/dev/hisi_zip-0", 0), -ENOENT);
  EXPECT_TRUE(emulated.folder("/sys/class/uacce").empty());
}

TEST_F(EmulatedFault, RemovalMayBeABusError) {
  if (kThreadSanitizer) GTEST_SKIP() << "the thread sanitizer starts no threads in a child";
  const auto touch_removed = [] {
    signal(SIGBUS, SIG_DFL);
    const Emulated emulated("hisi_zip:removal=bus-error");
    TinyQueue queue(emulated, 0);
    (void)emulated.control("remove");
    (void)queue.look();
  };
  EXPECT_EXIT(touch_removed(), testing::KilledBySignal(SIGBUS), "");
}

TEST_F(EmulatedFault, ExhaustedIsCountedInOpens) {
  const Emulated emulated("hisi_zip:fault=exhausted@2");
  const SystemCalls& calls = emulated.calls();
  TinyQueue first(emulated, 0);
  EXPECT_EQ(calls.open(calls.world, "/dev/hisi_zip-0", 0), -EBUSY);
  TinyQueue third(emulated, 0);
  EXPECT_TRUE(is_right(third.run(request())));
}

TEST_F(EmulatedFault, AWrongAddressTakesTheDeviceDown) {
  const Emulated emulated("hisi_zip:reset_time=0:isolate_strategy=2");
  for (int each = 0; each < 3; ++each) {
    EXPECT_EQ(emulated.attribute("hisi_zip-0", "isolate"), "0\n");
    TinyQueue other(emulated, 0);
    TinyQueue queue(emulated, 0);
    Words wrong = request();
    wrong[each == 0 ? 18 : 20] = 16;
    wrong[each == 0 ? 19 : 21] = 0;
    queue.submit(wrong);
    EXPECT_TRUE(queue.waits_for_stop());
    EXPECT_TRUE(other.waits_for_stop());
    EXPECT_FALSE(queue.look());
  }
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "isolate"), "1\n");
  EXPECT_EQ(emulated.control("isolate_strategy=5"), -EPERM);
}

TEST_F(EmulatedFault, ChanceFollowsTheSeed) {
  const auto answers = [&](const char* seed) {
    const Emulated emulated(std::string("hisi_zip:fault=unknown_status%20:seed=") + seed);
    TinyQueue queue(emulated, 0);
    std::string seen;
    for (int each = 0; each < 200; ++each) seen += status_of(queue.run(request())) == 0 ? '.' : 'x';
    return seen;
  };
  const std::string seen = answers("5");
  EXPECT_EQ(seen, answers("5"));
  EXPECT_NE(seen, answers("6"));
  const auto faults = std::count(seen.begin(), seen.end(), 'x');
  EXPECT_GT(faults, 15);
  EXPECT_LT(faults, 80);
}

TEST_F(EmulatedFault, RandomOnesLeaveADeviceThatWorks) {
  const Emulated emulated("hisi_zip:fault=random%10:delay=1:reset_time=0");
  std::size_t right = 0;
  for (int round = 0; round < 40; ++round) {
    TinyQueue queue(emulated, 0);
    for (int each = 0; each < 10 && !queue.transmission_stopped(); ++each) {
      queue.submit(request());
      std::optional<Completion> done;
      const auto start = steady_clock::now();
      while (!done && !queue.reception_stopped() && steady_clock::now() - start < milliseconds(20))
        done = queue.look();
      if (done && done->slot < 1024 && is_right(done->answer)) ++right;
      if (!done) break;
    }
  }
  EXPECT_GT(right, 100U);
  EXPECT_EQ(emulated.count("free_queues"), 64);
}

TEST(EmulatorControl, SteersADeviceThatRuns) {
  const Emulated emulated("hisi_zip:reset_time=0");
  const Bytes plain = text(100);
  Bytes out(300);
  TinyQueue queue(emulated, 0);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0U);
  EXPECT_EQ(emulated.control("fault=unknown_status@1"), 0);
  EXPECT_EQ(emulated.control("also_fault=unknown_status@2"), 0);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0xeeU);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0xeeU);
  EXPECT_EQ(emulated.control("fault=unknown_status@1+"), 0);
  EXPECT_EQ(emulated.control("fault="), 0);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0U);
  EXPECT_EQ(emulated.control("stop=" + std::to_string(queue.number())), 0);
  EXPECT_TRUE(queue.waits_for_stop());
  EXPECT_EQ(emulated.control("reset"), 0);
  EXPECT_EQ(emulated.control("reset=blocked"), 0);
  EXPECT_EQ(emulated.count("resets"), 2);
  EXPECT_EQ(emulated.control("delay=7"), 0);
  EXPECT_EQ(emulated.control("error"), 0);
  EXPECT_EQ(emulated.control("remove"), 0);
}

TEST(EmulatorControl, RefusesWhatItDoesNotKnow) {
  const Emulated emulated("hisi_zip");
  for (const char* command : {"", "fly", "fault=x", "delay=x", "stop=64", "get=x", "reset=x"})
    EXPECT_EQ(emulated.control(command), -EINVAL) << command;
  EXPECT_EQ(emulated.control("reset", "hisi_zip-1"), -ENODEV);
}

}  // namespace
}  // namespace wd::test
