// Clients and engines that die at any moment, and a module that is wanted gone.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <memory>

#include "abi/held.h"
#include "device/uacce_abi.hpp"
#include "dummy/device_client.hpp"
#include "dummy/engine_process.hpp"
#include "dummy/kernel.hpp"
#include "dummy/module.hpp"
#include "hisi/zip/engine.hpp"

namespace {

using wd::hisi::zip::Engine;
using wd::hisi::zip::MessageEnd;
using wd::test::Bytes;
using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::EngineProcess;
using wd::test::load;
using wd::test::mapped_by_the_module;
using wd::test::Outcome;
using wd::test::text;
using wd::test::unload;
using wd::test::unload_when_idle;
using wd::test::unpacked;
using wd::test::Verdict;

constexpr std::size_t kBytes = 256 << 10;
constexpr int kLeakRounds = 600;
constexpr const char* kSlow = "hisi_zip:fault=late_write@1+:delay=200";

bool becomes(int wanted, const EngineProcess& process) {
  for (int tries = 0; tries < 500; ++tries) {
    if (process.free_queues() == wanted) return true;
    usleep(10'000);
  }
  return false;
}

TEST(DyingClient, LeavesNothingBehind) {
  const EngineProcess process(kSlow);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      const Bytes plain = text(kBytes);
      Bytes room(kBytes);
      DeviceClient client(process.device());
      wd::ring::Tag tag = 0;
      for (int i = 0; i < 10; ++i)
        client.submit(compression(plain.data(), kBytes, room.data(), kBytes), tag);
      raise(SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  }
  EXPECT_TRUE(becomes(64, process)) << process.free_queues();
  EXPECT_EQ(mapped_by_the_module(), 0);
  // Others are served.
  DeviceClient client(process.device());
  const Bytes plain = text(5000);
  Bytes room(10000);
  const Outcome outcome =
      client.run(compression(plain.data(), plain.size(), room.data(), room.size()));
  EXPECT_EQ(unpacked(room.data(), outcome, plain.size()), plain);
}

TEST(DyingClient, IsKilledWhileTheEngineHasStopped) {
  const EngineProcess process("hisi_zip");
  const pid_t child = fork();
  if (child == 0) {
    const Bytes plain = text(kBytes);
    Bytes room(kBytes);
    DeviceClient client(process.device());
    process.send(SIGSTOP);
    client.run(compression(plain.data(), kBytes, room.data(), kBytes));
    _exit(0);
  }
  usleep(300'000);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  process.send(SIGCONT);
  EXPECT_TRUE(becomes(64, process));
}

TEST(DyingEngine, EndsItsClientsRequestsAndNotItsClients) {
  EngineProcess process(kSlow);
  DeviceClient client(process.device());
  const Bytes plain = text(kBytes);
  Bytes room(kBytes);
  wd::ring::Tag tag = 0;
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(client.submit(compression(plain.data(), kBytes, room.data(), kBytes), tag));
  process.end(SIGKILL);
  Outcome outcome{};
  EXPECT_EQ(client.wait(tag, outcome), wd::hisi::Queue::End::lost);
  EXPECT_FALSE(client.queue().usable());
  // Doorbells go nowhere, and kill nobody.
  EXPECT_FALSE(client.submit(compression(plain.data(), kBytes, room.data(), kBytes), tag));
}

TEST(DyingEngine, ShowsInEveryCall) {
  EngineProcess process("hisi_zip");
  const wd::DeviceInfo device = process.device();
  const int fd = open(("/dev/" + process.names()[0]).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  const auto page = static_cast<off_t>(sysconf(_SC_PAGESIZE));
  auto* const shared = static_cast<std::uint32_t*>(
      mmap(nullptr, device.dus_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page));
  auto* const registers = static_cast<volatile std::uint64_t*>(
      mmap(nullptr, device.mmio_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  ASSERT_NE(shared, MAP_FAILED);
  ASSERT_EQ(ioctl(fd, wd::uacce::kStart), 0);
  process.end(SIGKILL);
  EXPECT_EQ(ioctl(fd, wd::uacce::kStart), -1);
  EXPECT_EQ(errno, ENXIO);
  EXPECT_EQ(ioctl(fd, wd::uacce::kPutQueue), -1);
  EXPECT_EQ(errno, ENXIO);
  // As after a reset: the two last words say that the queue has stopped.
  EXPECT_EQ(shared[device.dus_bytes / 4 - 1], 1u);
  EXPECT_EQ(shared[device.dus_bytes / 4 - 2], 1u);
  registers[0x1000 / 8] = 0;
  EXPECT_EQ(mmap(nullptr, device.mmio_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
            MAP_FAILED);
  // uacce.ko tells who polls; the kernel's own uacce tells nothing.
  pollfd poll_it{fd, POLLIN, 0};
  const int polled = poll(&poll_it, 1, 0);
  EXPECT_EQ(poll_it.revents & POLLIN, 0);
  if (device.flags == wd::DeviceInfo::kFlagSva) {
    EXPECT_EQ(polled, 1);
    EXPECT_EQ(poll_it.revents & (POLLERR | POLLHUP), POLLERR | POLLHUP);
  }
  munmap(shared, device.dus_bytes);
  munmap(const_cast<std::uint64_t*>(registers), device.mmio_bytes);
  close(fd);
}

TEST(DyingEngine, IsReplacedByAnother) {
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &wd::kernel_calls();
  settings.least_work_bytes = 0;
  settings.timeout = std::chrono::seconds(30);
  Engine* const engine = *Engine::create(settings);
  const Bytes plain = text(100000);
  const auto try_once = [&] {
    Bytes room(200000);
    const auto answer = engine->compress({}, plain.data(), plain.size(), room.data(), room.size());
    room.resize(answer.produced);
    if (answer.end == MessageEnd::done) {
      EXPECT_EQ(wd::test::reference_decompress(wd::Format::zlib, room, plain.size()), plain);
    }
    return answer.end;
  };
  for (int round = 0; round < 3; ++round) {
    EngineProcess process("hisi_zip");
    bool served = false;
    // The pool looks for devices again now and then.
    for (int tries = 0; tries < 200 && !served; ++tries) {
      served = try_once() == MessageEnd::done;
      if (!served) usleep(50'000);
    }
    EXPECT_TRUE(served) << round;
    process.end(SIGKILL);
    EXPECT_NE(try_once(), MessageEnd::done);
  }
  Engine::destroy(engine);
}

// Compresses until the engine is gone: 0 if every answer was right.
int work_until_the_end(const wd::DeviceInfo& device) {
  DeviceClient client(device);
  // Its device may be gone already.
  if (!client.is_open()) return 0;
  for (std::uint64_t round = 0;; ++round) {
    const Bytes plain = text(20000 + round % 7 * 9000, round);
    Bytes room(plain.size());
    wd::ring::Tag tag = 0;
    Outcome outcome{};
    if (!client.submit(compression(plain.data(), plain.size(), room.data(), room.size()), tag) ||
        client.wait(tag, outcome) != wd::hisi::Queue::End::answered)
      return client.queue().usable() ? 1 : 0;
    if (outcome.verdict != Verdict::done) return 2;
    if (unpacked(room.data(), outcome, plain.size()) != plain) return 3;
  }
}

TEST(DyingEngine, DiesAtAnyMoment) {
  constexpr int kRounds = 12;
  constexpr int kClients = 3;
  for (int round = 0; round < kRounds; ++round) {
    EngineProcess process("hisi_zip:threads=2");
    const wd::DeviceInfo device = process.device();
    pid_t clients[kClients];
    for (pid_t& client : clients) {
      client = fork();
      if (client == 0) _exit(work_until_the_end(device));
    }
    usleep(static_cast<unsigned>(10'000 + round * 23'000));
    process.end(SIGKILL);
    for (const pid_t client : clients) {
      int status = -1;
      waitpid(client, &status, 0);
      EXPECT_EQ(status, 0) << round;
    }
  }
  EXPECT_EQ(mapped_by_the_module(), 0);
}

// Clients that end properly and that are killed with requests in flight, and now and then the
// engine before them.
TEST(DyingOfBoth, LeavesNoObjectsInTheKernel) {
  const auto some_rounds = [](int count) {
    std::unique_ptr<EngineProcess> process;
    for (int round = 0; round < count; ++round) {
      if (round % 40 == 0) process = std::make_unique<EngineProcess>("hisi_zip:engine=null");
      const pid_t child = fork();
      if (child == 0) {
        DeviceClient client(process->device());
        const Bytes plain = text(5000);
        wd::ring::Tag tag = 0;
        Outcome outcome{};
        for (int i = 0; i < 4; ++i)
          client.submit(compression(plain.data(), 5000, &outcome, sizeof(outcome)), tag);
        if (round % 40 == 39) process->send(SIGKILL);
        if (round % 2 == 0) raise(SIGKILL);
        client.wait(tag, outcome);
        wd::hisi::Queue::destroy(&client.queue());
        _exit(0);
      }
      waitpid(child, nullptr, 0);
    }
  };
  static held before;
  static held after;
  some_rounds(40);
  ASSERT_TRUE(held_now(&before));
  some_rounds(kLeakRounds);
  ASSERT_TRUE(held_now(&after));
  // KASAN keeps freed objects, in tens of thousands.
  if (!wd::test::on_instrumented_kernel()) {
    EXPECT_TRUE(held_no_more(&before, &after, kLeakRounds));
  }
  EXPECT_EQ(mapped_by_the_module(), 0);
}

TEST(DyingEngine, IsCleanWhenAsked) {
  EngineProcess process("hisi_zip,hisi_zip:api=v2");
  ASSERT_EQ(process.names().size(), 2u);
  const DeviceClient client(process.device());
  const int status = process.end(SIGTERM);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(mapped_by_the_module(), 1);
}

TEST(Unloading, WaitsForTheLastMapping) {
  EngineProcess process("hisi_zip");
  EXPECT_EQ(unload(), EAGAIN);
  {
    DeviceClient client(process.device());
    process.end(SIGKILL);
    // The engine is gone, its client is not.
    EXPECT_EQ(unload_when_idle(), EAGAIN);
  }
  EXPECT_EQ(mapped_by_the_module(), 0);
  EXPECT_EQ(unload_when_idle(), 0);
  load();
}

}  // namespace
