// The emulator as a guest in a process: forks, idle threads, threads of the caller.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>
#include <vector>

#include "fixtures/child.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/talking_child.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

Words nothing() {
  return {};
}

std::int64_t process_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

TEST(EmulatorInAChild, AnswersThatThereIsNoDevice) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(in_child([&] {
              int error = 0;
              char text[10];
              FileIdentity identity{};
              if (calls.open(calls.world, "/dev/hisi_zip-0", 0) != -ENODEV) return 1;
              if (calls.ioctl(calls.world, queue.fd(), kPutQueue, nullptr) != -ENODEV) return 2;
              if (calls.map(calls.world, queue.fd(), 1, 0, &error) != nullptr) return 3;
              if (error != -ENODEV) return 4;
              if (calls.unmap(calls.world, queue.shared(), 1) != -ENODEV) return 5;
              if (calls.poll(calls.world, queue.fd(), 0) != -ENODEV) return 6;
              if (calls.read_file(calls.world, "/x", text, 1) != -ENODEV) return 8;
              if (emulated.control("reset") != -ENODEV) return 9;
              // Its descriptors are its own.
              if (calls.identify(calls.world, queue.fd(), &identity) != 0) return 10;
              if (calls.close(calls.world, queue.fd()) != 0) return 11;
              if (calls.identify(calls.world, queue.fd(), &identity) != -EBADF) return 12;
              return calls.close(calls.world, queue.fd()) == -EBADF ? 0 : 13;
            }),
            0);
  queue.run(nothing());
  EXPECT_EQ(queue.ioctl(kPutQueue), 0);
}

TEST(EmulatorInAChild, HasNoRegions) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);
    (void)queue.look();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
  queue.run(nothing());
}

TEST(EmulatorInAChild, KeepsAQueueByItsDescriptor) {
  const Emulated emulated("hisi_zip:queues=1:engine=null");
  auto queue = std::make_unique<TinyQueue>(emulated, std::uint16_t{0});
  TalkingChild child([](const TalkLine& line) { return line.hear() ? 1 : 0; });
  queue->ioctl(kPutQueue);
  queue.reset();
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "0\n");
  EXPECT_EQ(child.end(), 0);
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "1\n");
}

TEST(EmulatorInAChild, LetsGoOfAQueueWithItsDescriptor) {
  const Emulated emulated("hisi_zip:queues=1:engine=null");
  auto queue = std::make_unique<TinyQueue>(emulated, std::uint16_t{0});
  TalkingChild child([&](const TalkLine& line) {
    const SystemCalls& calls = emulated.calls();
    const bool closed = calls.close(calls.world, queue->fd()) == 0;
    line.say();
    return closed && !line.hear() ? 0 : 1;
  });
  ASSERT_TRUE(child.hear());
  queue.reset();
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "1\n");
  EXPECT_EQ(child.end(), 0);
}

TEST(EmulatorInAChild, MayBeOpenedAnew) {
  if (kThreadSanitizer) GTEST_SKIP() << "the thread sanitizer starts no threads in a child";
  const Emulated parents("hisi_zip:engine=null");
  TinyQueue queue(parents, 0);
  EXPECT_EQ(in_child([] {
              const Emulated own("hisi_zip:engine=null");
              TinyQueue other(own, 0);
              other.submit({});
              return other.reap() ? 0 : 1;
            }),
            0);
  queue.run(nothing());
}

TEST(EmulatorThreads, CostNothingWhenIdle) {
  const Emulated emulated("hisi_zip:engine=null:threads=4");
  TinyQueue queue(emulated, 0);
  queue.run(nothing());
  ASSERT_TRUE(soon([&] { return emulated.count("threads_asleep") == 4; }));
  const long sleeps = emulated.count("sleeps");
  const SystemCalls& calls = emulated.calls();
  queue.ring_completion(false);
  while (calls.poll(calls.world, queue.fd(), 0) == 1) {
  }
  const std::int64_t before = process_nanoseconds();
  EXPECT_EQ(calls.poll(calls.world, queue.fd(), 30), 0);
  EXPECT_LT(process_nanoseconds() - before, 5'000'000);
  EXPECT_EQ(emulated.count("sleeps"), sleeps);
}

TEST(EmulatorThreads, DoNotTakeSignals) {
  const Emulated emulated("hisi_zip:engine=null");
  TinyQueue queue(emulated, 0);
  queue.run(nothing());
  static volatile pid_t taker = 0;
  struct sigaction action {};
  action.sa_handler = [](int) { taker = gettid(); };
  struct sigaction before {};
  sigaction(SIGUSR1, &action, &before);
  for (int each = 0; each < 50; ++each) {
    taker = 0;
    kill(getpid(), SIGUSR1);
    EXPECT_EQ(taker, gettid());
  }
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(EmulatorThreads, ServeManyCallers) {
  const Emulated emulated("hisi_zip:threads=2");
  std::vector<std::thread> callers;
  for (std::uint32_t caller = 0; caller < 6; ++caller) {
    callers.emplace_back([&emulated, caller] {
      const Bytes plain = mixture(5000 + caller * 1000, caller);
      for (int round = 0; round < 10; ++round) {
        TinyQueue queue(emulated, 0);
        for (int each = 0; each < 5; ++each) {
          Bytes out(plain.size() + 2000);
          const Words answer = queue.run(whole(kGzip, plain, out));
          Bytes packed = header_of(kGzip);
          packed.insert(packed.end(), out.begin(), out.begin() + answer[1]);
          EXPECT_TRUE(reference_decompress(Format::gzip, packed, plain.size()) == plain);
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(emulated.count("free_queues"), 64);
}

TEST(EmulatorThreads, SurviveResetsWhileQueuesComeAndGo) {
  const Emulated emulated("hisi_zip:engine=null:reset_time=0:threads=2");
  std::atomic<bool> done{false};
  std::thread breaker([&] {
    for (int each = 0; each < 300; ++each) {
      (void)emulated.control(each % 2 == 0 ? "reset" : "reset=blocked");
      (void)emulated.control("stop=0");
      sched_yield();
    }
    done = true;
  });
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 2; ++caller) {
    callers.emplace_back([&] {
      while (!done) {
        TinyQueue queue(emulated, 0);
        for (int each = 0; each < 5; ++each) {
          queue.submit({});
          soon([&] { return queue.look() || queue.reception_stopped(); });
        }
      }
    });
  }
  breaker.join();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(emulated.count("free_queues"), 64);
}

TEST(EmulatorThreads, MayRunWhenTheProcessExits) {
  if (kThreadSanitizer) GTEST_SKIP() << "the thread sanitizer starts no threads in a child";
  const auto leave_busy = [] {
    const Emulated emulated("hisi_zip");
    const Bytes plain = mixture(400'000);
    Bytes out(500'000);
    TinyQueue queue(emulated, 0);
    for (int each = 0; each < 20; ++each) queue.submit(whole(kZlib, plain, out));
    std::exit(7);
  };
  EXPECT_EXIT(leave_busy(), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace wd::test
