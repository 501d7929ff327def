// What one user can have, and what it costs to have it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

#include "dummy/device_client.hpp"
#include "dummy/engine_process.hpp"
#include "dummy/kernel.hpp"
#include "fixtures/child.hpp"

namespace {

using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::EngineProcess;
using wd::test::Outcome;
using wd::test::Verdict;

constexpr const char* kLimit = "/sys/module/wd_dummy/parameters/user_queues";

class UserLimit {
 public:
  explicit UserLimit(unsigned queues) { write(queues); }
  UserLimit(const UserLimit&) = delete;
  UserLimit& operator=(const UserLimit&) = delete;
  ~UserLimit() { write(64); }

 private:
  static void write(unsigned queues) { std::ofstream(kLimit) << queues; }
};

TEST(Limits, AUserHasSoManyQueuesOverAllDevices) {
  const EngineProcess process("hisi_zip,hisi_zip");
  const UserLimit limit(3);
  std::vector<std::unique_ptr<DeviceClient>> clients;
  for (std::size_t i = 0; i < 3; ++i)
    clients.push_back(std::make_unique<DeviceClient>(process.device(i % 2)));
  EXPECT_TRUE(clients.back()->is_open());
  EXPECT_EQ(DeviceClient(process.device()).error(), EBUSY);
  // Another's are another's.
  for (const std::string& name : process.names()) chmod(("/dev/" + name).c_str(), 0666);
  EXPECT_EQ(wd::test::in_child([&] {
              if (setuid(1000) != 0) return 2;
              return DeviceClient(process.device()).is_open() ? 0 : 1;
            }),
            0);
  clients.pop_back();
  // Given back as soon as the engine has let go of it.
  bool opened = false;
  for (int tries = 0; tries < 300 && !opened; ++tries) {
    opened = DeviceClient(process.device()).is_open();
    if (!opened) usleep(10'000);
  }
  EXPECT_TRUE(opened);
}

TEST(Limits, ADeviceHasSoManyQueues) {
  const EngineProcess process("hisi_zip:queues=2");
  const DeviceClient first(process.device());
  const DeviceClient second(process.device());
  EXPECT_EQ(process.free_queues(), 0);
  EXPECT_EQ(DeviceClient(process.device()).error(), EBUSY);
}

TEST(Limits, AnEngineThatSaysNothingIsNotWaitedForForEver) {
  const EngineProcess process("hisi_zip");
  process.send(SIGSTOP);
  EXPECT_EQ(DeviceClient(process.device()).error(), ETIMEDOUT);
  process.send(SIGCONT);
  EXPECT_TRUE(DeviceClient(process.device()).is_open());
}

TEST(Limits, AnIdleEngineUsesNoProcessor) {
  const EngineProcess process("hisi_zip");
  DeviceClient client(process.device());
  const wd::test::Bytes plain = wd::test::text(5000);
  wd::test::Bytes room(10000);
  ASSERT_EQ(client.run(compression(plain.data(), plain.size(), room.data(), room.size())).verdict,
            Verdict::done);
  usleep(100'000);
  const long before = process.ticks();
  sleep(2);
  EXPECT_LE(process.ticks() - before, 1);
}

// What a client pays for a doorbell is a page fault, and no more: in units of the cheapest system
// call of the same machine, as times mean nothing where the processor itself is emulated.
TEST(Doorbells, CostAFewSystemCalls) {
  constexpr int kTimes = 20000;
  const EngineProcess process("hisi_zip:engine=null");
  const int fd = open(("/dev/" + process.names()[0]).c_str(), O_RDWR | O_CLOEXEC);
  const wd::DeviceInfo device = process.device();
  auto* const registers = static_cast<volatile std::uint64_t*>(
      mmap(nullptr, device.mmio_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  ASSERT_NE(registers, MAP_FAILED);
  const auto microseconds = [](auto&& each) {
    const auto from = std::chrono::steady_clock::now();
    for (int i = 0; i < kTimes; ++i) each();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from)
               .count() /
           kTimes;
  };
  double call = 1e9;
  double doorbell = 1e9;
  for (int round = 0; round < 5; ++round) {
    call = std::min(call, microseconds([] { syscall(SYS_getppid); }));
    // Not started, so the engine does not hear it.
    doorbell = std::min(doorbell, microseconds([&] { registers[0x1000 / 8] = 0; }));
  }
  std::printf("doorbell: %.2f us, getppid(): %.2f us, ratio %.1f\n", doorbell, call,
              doorbell / call);
  if (!wd::test::on_instrumented_kernel()) {
    EXPECT_LT(doorbell / call, 20);
  }
  munmap(const_cast<std::uint64_t*>(registers), device.mmio_bytes);
  close(fd);
}

// Words for both rings in one register, in every order: a lost one would be a request that never
// ends.
TEST(Doorbells, AreNeverLost) {
  constexpr unsigned kRequests = 5000;
  const EngineProcess process("hisi_zip:engine=null");
  DeviceClient client(process.device());
  unsigned done = 0;
  std::vector<wd::ring::Tag> tags;
  const auto finish_first = [&] {
    Outcome outcome{};
    ASSERT_EQ(client.wait(tags.front(), outcome), wd::hisi::Queue::End::answered) << done;
    ++done;
    tags.erase(tags.begin());
  };
  for (unsigned i = 0; i < kRequests; ++i) {
    wd::ring::Tag tag = 0;
    ASSERT_TRUE(client.submit(compression(&client, 8, &client, 8), tag));
    tags.push_back(tag);
    // Now one after the other, now with some in flight, now after the engine went to sleep.
    if (i % 1000 == 0) usleep(20'000);
    if (tags.size() > i / 64 % 20) finish_first();
    if (HasFatalFailure()) return;
  }
  while (!tags.empty()) finish_first();
  EXPECT_EQ(done, kRequests);
}

TEST(Doorbells, OfAnotherThanTheOwnQueueAreNotHeard) {
  const EngineProcess process("hisi_zip:engine=null");
  DeviceClient first(process.device());
  const int fd = open(("/dev/" + process.names()[0]).c_str(), O_RDWR | O_CLOEXEC);
  const wd::DeviceInfo device = process.device();
  auto* const registers = static_cast<volatile std::uint64_t*>(
      mmap(nullptr, device.mmio_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  ASSERT_NE(registers, MAP_FAILED);
  // Tail 5 for queue 0, which nobody filled.
  registers[0x1000 / 8] = 5ULL << 32;
  const Outcome outcome = first.run(compression(&first, 8, &first, 8));
  EXPECT_EQ(outcome.verdict, Verdict::done);
  // A register that is none does nothing; a system call cannot ring in its caller's name.
  registers[0] = ~0ULL;
  EXPECT_EQ(read(open("/dev/zero", O_RDONLY | O_CLOEXEC), const_cast<std::uint64_t*>(registers), 8),
            -1);
  EXPECT_EQ(errno, EFAULT);
  munmap(const_cast<std::uint64_t*>(registers), device.mmio_bytes);
  close(fd);
}

}  // namespace
