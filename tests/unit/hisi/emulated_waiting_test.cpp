// What may happen to a thread that waits for a device: a signal's handler forks, and both processes
// come back from it; it is cancelled; and it ends, with more to do.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
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

class WaitingForDevices : public testing::TestWithParam<const char*> {
 protected:
  // Requests are counted from 1, which is the known answer of the first queue.
  void begin(const char* faults) {
    Config config;
    config.backend = BackendChoice::hisi;
    std::snprintf(config.emulate, sizeof(config.emulate), "hisi_zip:api=%s:%s", GetParam(), faults);
    context_.emplace(config);
    context_->enable_statistics();
  }
  // Long enough for a test to come in between.
  static constexpr auto kLateFromTheThirdOn = "delay=500:fault=late_write@3+";
  static constexpr auto kAllAreLate = "delay=5:fault=late_write@1+";

  [[nodiscard]] Result<std::size_t> compress_into(Bytes& room) const {
    room.assign(compress_bound(Format::zlib, plain_.size()), 0);
    calling_ = true;
    auto made = compress(*context_, Format::zlib, 6, span_of(plain_), room_of(room));
    calling_ = false;
    return made;
  }
  [[nodiscard]] bool is_right(Bytes& room, std::size_t bytes) const {
    room.resize(bytes);
    return reference_decompress(Format::zlib, room, plain_.size()) == plain_;
  }
  [[nodiscard]] std::uint64_t by_devices() const {
    return context_->statistics(Algorithm::deflate, Engine::hisi_zip).requests;
  }

  // Until a thread sleeps in a call, as the kernel says: then it waits for a device's answer.
  [[nodiscard]] bool falls_asleep(pid_t thread) const {
    const std::string stat = "/proc/self/task/" + std::to_string(thread) + "/stat";
    return soon([&] {
      std::ifstream file(stat);
      std::string line;
      std::getline(file, line);
      const std::size_t behind_name = line.rfind(')');
      return behind_name != std::string::npos && line.compare(behind_name, 3, ") S") == 0 &&
             calling_;
    });
  }

  const Bytes plain_ = mixture(30'000);
  std::optional<Context> context_;
  mutable std::atomic<bool> calling_{false};
};

INSTANTIATE_TEST_SUITE_P(Generations, WaitingForDevices, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

// Of the one that forks in a handler.
std::atomic<ForkCall> fork_call{nullptr};
std::atomic<pid_t> forked{-1};

TEST_P(WaitingForDevices, MayForkInAHandler) {
  if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  if (kThreadSanitizer) GTEST_SKIP() << "the thread sanitizer puts signals off";
  struct sigaction action {};
  action.sa_handler = [](int) { forked = fork_call.load()(); };
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  begin(kLateFromTheThirdOn);
  Bytes room;
  ASSERT_TRUE(compress_into(room));
  for (const ForkCall how : kForkCalls) {
    fork_call = how;
    forked = -1;
    const pid_t waiting = gettid();
    const pthread_t waiting_thread = pthread_self();
    const std::uint64_t by_devices_before = by_devices();
    std::thread breaker([&] {
      EXPECT_TRUE(falls_asleep(waiting));
      pthread_kill(waiting_thread, SIGUSR1);
    });
    const auto made = compress_into(room);
    if (forked == 0) {
      // The request was the parent's: it is done again here, in software, and counted.
      const auto counts = context_->statistics(Algorithm::deflate, Engine::hisi_zip);
      if (counts.fallbacks[static_cast<std::size_t>(FallbackReason::forked)] != 1) _exit(2);
      if (!made || !is_right(room, *made)) _exit(3);
      const auto more = compress_into(room);
      _exit(more && is_right(room, *more) && by_devices() == 1 ? 0 : 4);
    }
    breaker.join();
    ASSERT_GT(forked, 0);
    EXPECT_TRUE(made && is_right(room, *made));
    EXPECT_EQ(by_devices(), by_devices_before + 1);
    int status = -1;
    EXPECT_EQ(waitpid(forked, &status, 0), forked);
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  sigaction(SIGUSR1, &before, nullptr);
}

// zlib's functions are no points to be cancelled at; nor are they on a device, which writes into
// the thread's memory.
TEST_P(WaitingForDevices, MayBeCancelledBehindTheCallOnly) {
  begin(kLateFromTheThirdOn);
  Bytes room;
  ASSERT_TRUE(compress_into(room));
  std::atomic<pid_t> waiting{0};
  std::size_t bytes = 0;
  std::function<void()> work = [&] {
    waiting = gettid();
    const auto made = compress_into(room);
    bytes = made ? *made : 0;
    pthread_testcancel();
  };
  pthread_t cancelled;
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&cancelled, nullptr, run, &work), 0);
  ASSERT_TRUE(soon([&] { return waiting != 0; }));
  EXPECT_TRUE(falls_asleep(waiting));
  EXPECT_EQ(pthread_cancel(cancelled), 0);
  void* answer = nullptr;
  ASSERT_EQ(pthread_join(cancelled, &answer), 0);
  EXPECT_EQ(answer, PTHREAD_CANCELED);
  EXPECT_TRUE(is_right(room, bytes));
  EXPECT_EQ(by_devices(), 2u);
}

// Nor is one that is to be cancelled before it has done anything, and has everything to open.
TEST_P(WaitingForDevices, MayBeCancelledBehindTheFirstCallOnly) {
  begin(kAllAreLate);
  Bytes room;
  std::size_t bytes = 0;
  std::thread cancelled([&] {
    pthread_cancel(pthread_self());
    const auto made = compress_into(room);
    bytes = made ? *made : 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
  });
  cancelled.join();
  EXPECT_TRUE(is_right(room, bytes));
  EXPECT_EQ(by_devices(), 1u);
}

// What a thread has submitted is there for others when it has ended; and so are its stream, and its
// queues.
TEST_P(WaitingForDevices, MayEndWithCompletionsToFetch) {
  begin(kAllAreLate);
  constexpr std::size_t kRequests = 5;
  auto compressor = Compressor::open(*context_, {.format = Format::gzip});
  ASSERT_TRUE(compressor);
  std::vector<Bytes> rooms(kRequests, Bytes(plain_.size() + 5000));
  const std::size_t piece = plain_.size() / kRequests;
  std::vector<Ticket> tickets;
  for (std::size_t number = 0; number < kRequests; ++number)
    std::thread([&, number] {
      const ConstBuffer from{plain_.data() + number * piece, piece};
      const MutableBuffer to{rooms[number].data(), rooms[number].size()};
      const auto ticket =
          compressor->submit({.in = {&from, 1},
                              .out = {&to, 1},
                              .flush = number + 1 < kRequests ? Flush::sync : Flush::finish,
                              .user = number});
      ASSERT_TRUE(ticket);
      tickets.push_back(*ticket);
    }).join();
  Bytes packed;
  for (const Ticket ticket : tickets) {
    const auto done = compressor->wait(ticket, Deadline{});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->consumed, piece);
    const Bytes& room = rooms[done->user];
    packed.insert(packed.end(), room.begin(),
                  room.begin() + static_cast<std::ptrdiff_t>(done->produced));
  }
  EXPECT_EQ(reference_decompress(Format::gzip, packed, plain_.size()), plain_);
  EXPECT_EQ(by_devices(), kRequests);
}

// In the middle of streams, which nobody ends but the last.
TEST_P(WaitingForDevices, MayEndInTheMiddleOfAStream) {
  begin(kAllAreLate);
  constexpr int kThreads = 4;
  std::vector<Compressor> left;
  Bytes room(plain_.size() * 2);
  std::size_t produced = 0;
  for (int number = 0; number < kThreads; ++number)
    std::thread([&] {
      auto compressor = Compressor::open(*context_, {.format = Format::zlib});
      ASSERT_TRUE(compressor);
      const auto half = run_whole(*compressor, std::span(plain_).first(10'000), room, Flush::sync);
      ASSERT_TRUE(half);
      produced = half->produced;
      left.push_back(std::move(*compressor));
    }).join();
  const auto rest = run_whole(left.back(), std::span(plain_).subspan(10'000),
                              std::span(room).subspan(produced), Flush::finish);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->status, Status::end);
  EXPECT_TRUE(is_right(room, produced + rest->produced));
  EXPECT_EQ(by_devices(), kThreads + 1u);
}

}  // namespace
}  // namespace wd::test
