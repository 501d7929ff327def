// How an engine reaches its client's memory: by the client's page tables, as they are then.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "dummy/device_client.hpp"
#include "dummy/engine_process.hpp"

namespace {

using wd::hisi::Queue;
using wd::test::address_of;
using wd::test::Bytes;
using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::EngineProcess;
using wd::test::Outcome;
using wd::test::Pages;
using wd::test::Request;
using wd::test::text;
using wd::test::unpacked;
using wd::test::Verdict;

constexpr std::size_t kBytes = 256 << 10;

class DeviceMemory : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.is_open()) << client_.error(); }
  // The queue goes on after whatever a test did.
  void TearDown() override {
    const Bytes plain = text(5000);
    Bytes room(10000);
    const Outcome outcome =
        client_.run(compression(plain.data(), plain.size(), room.data(), room.size()));
    EXPECT_EQ(outcome.verdict, Verdict::done);
    EXPECT_EQ(unpacked(room.data(), outcome, plain.size()), plain);
  }
  void expect_fault(std::uint64_t from, std::uint64_t to) {
    Request request = compression(nullptr, kBytes, nullptr, kBytes);
    request.source = from;
    request.destination = to;
    EXPECT_EQ(client_.run(request).verdict, Verdict::fault) << std::hex << from << " " << to;
  }

  EngineProcess process_{"hisi_zip"};
  DeviceClient client_{process_.device()};
};

TEST_F(DeviceMemory, PagesThatNobodyTouchedComeWithTheEngine) {
  const Pages from(kBytes);
  const Pages to(kBytes);
  const Outcome outcome = client_.run(compression(from.data(), kBytes, to.data(), kBytes));
  ASSERT_EQ(outcome.verdict, Verdict::done);
  EXPECT_EQ(unpacked(to.data(), outcome, kBytes), Bytes(kBytes));
}

TEST_F(DeviceMemory, PagesOfAFileAreReadFromIt) {
  const Bytes plain = text(kBytes);
  const int fd = open("/tmp/source", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ASSERT_EQ(write(fd, plain.data(), plain.size()), static_cast<ssize_t>(plain.size()));
  const void* const from = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, fd, 0);
  ASSERT_NE(from, MAP_FAILED);
  const Pages to(kBytes);
  const Outcome outcome = client_.run(compression(from, kBytes, to.data(), kBytes));
  ASSERT_EQ(outcome.verdict, Verdict::done);
  EXPECT_EQ(unpacked(to.data(), outcome, kBytes), plain);
  munmap(const_cast<void*>(from), kBytes);
  close(fd);
}

TEST_F(DeviceMemory, ReadOnlyPagesStayAsTheyAre) {
  const Bytes plain = text(kBytes);
  const Pages to(kBytes, PROT_READ);
  expect_fault(address_of(plain.data()), address_of(to.data()));
  EXPECT_TRUE(std::all_of(to.data(), to.data() + kBytes, [](auto byte) { return byte == 0; }));
  // A file that its user may only read, mapped so that others see what is written to it.
  const int fd = open("/bin/busybox", O_RDONLY | O_CLOEXEC);
  void* const file = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, fd, 0);
  ASSERT_NE(file, MAP_FAILED);
  const Bytes before(static_cast<std::uint8_t*>(file), static_cast<std::uint8_t*>(file) + kBytes);
  expect_fault(address_of(plain.data()), address_of(file));
  EXPECT_EQ(std::memcmp(file, before.data(), kBytes), 0);
  munmap(file, kBytes);
  close(fd);
}

TEST_F(DeviceMemory, AddressesThatLeadNowhereEndTheRequestAlone) {
  const Bytes plain = text(kBytes);
  const Pages none(kBytes, PROT_NONE);
  const Pages to(kBytes);
  const auto good = address_of(to.data());
  for (const unsigned long bad :
       {0UL, 0x1000UL, address_of(none.data()), 0xffff888000000000UL, 0xffffffff81000000UL,
        0x00007ffffffff000UL, 0x8000000000000000UL, ~0UL - 4095}) {
    expect_fault(bad, good);
    expect_fault(address_of(plain.data()), bad);
  }
}

TEST_F(DeviceMemory, ScatterListsAreFollowed) {
  const Bytes plain = text(60000);
  alignas(64) std::uint64_t list[8 + 4 * 3] = {};
  // next, then 16 bits each: room in the chain, entries, room here.
  list[1] = 3ULL | 3ULL << 16 | 3ULL << 32;
  const std::size_t cuts[] = {0, 100, 30000, 60000};
  for (std::size_t i = 0; i < 3; ++i) {
    list[8 + 4 * i] = address_of(plain.data() + cuts[i]);
    list[8 + 4 * i + 2] = cuts[i + 1] - cuts[i];
  }
  Bytes room(100000);
  alignas(64) std::uint64_t room_list[8 + 4] = {0, 1ULL | 1ULL << 16 | 1ULL << 32};
  room_list[8] = address_of(room.data());
  room_list[8 + 2] = room.size();
  Request request = compression(list, plain.size(), room_list, room.size());
  request.scattered = true;
  const Outcome outcome = client_.run(request);
  ASSERT_EQ(outcome.verdict, Verdict::done);
  EXPECT_EQ(unpacked(room.data(), outcome, plain.size()), plain);
  // A chain that comes back to itself ends with an error, not never.
  list[0] = address_of(list);
  EXPECT_EQ(client_.run(request).verdict, Verdict::fault);
}

// The engine gets to its requests only after a while.
class DeviceMemoryInFlight : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.is_open()) << client_.error(); }
  void submit() {
    ASSERT_TRUE(client_.submit(compression(from_.data(), kBytes, to_.data(), kBytes), tag_));
  }
  Outcome finish() {
    Outcome outcome{};
    EXPECT_EQ(client_.wait(tag_, outcome), Queue::End::answered);
    return outcome;
  }

  EngineProcess process_{"hisi_zip:fault=late_write@1+:delay=300"};
  DeviceClient client_{process_.device()};
  Pages from_{kBytes};
  Pages to_{kBytes};
  wd::ring::Tag tag_ = 0;
  const Bytes first_ = text(kBytes, 1);
  const Bytes second_ = text(kBytes, 2);
};

TEST_F(DeviceMemoryInFlight, WhatAChildWritesIsTheChildsOwn) {
  from_.fill(first_);
  submit();
  const pid_t child = fork();
  if (child == 0) {
    from_.fill(second_);
    std::fill_n(to_.data(), kBytes, 0x55);
    // Until the engine has written.
    usleep(600'000);
    const bool kept =
        std::equal(second_.begin(), second_.end(), from_.data()) &&
        std::all_of(to_.data(), to_.data() + kBytes, [](auto b) { return b == 0x55; });
    _exit(kept ? 0 : 1);
  }
  const Outcome outcome = finish();
  ASSERT_EQ(outcome.verdict, Verdict::done);
  EXPECT_EQ(unpacked(to_.data(), outcome, kBytes), first_);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(DeviceMemoryInFlight, WhatTheParentWritesAfterAForkIsWhatTheEngineSees) {
  from_.fill(first_);
  submit();
  const pid_t child = fork();
  if (child == 0) {
    usleep(600'000);
    _exit(std::equal(first_.begin(), first_.end(), from_.data()) ? 0 : 1);
  }
  // These pages are copied for the parent; the engine must not look at the old ones.
  from_.fill(second_);
  const Outcome outcome = finish();
  ASSERT_EQ(outcome.verdict, Verdict::done);
  EXPECT_EQ(unpacked(to_.data(), outcome, kBytes), second_);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(DeviceMemoryInFlight, WhatIsUnmappedIsGone) {
  from_.fill(first_);
  submit();
  from_.unmap();
  EXPECT_EQ(finish().verdict, Verdict::fault);
}

TEST_F(DeviceMemoryInFlight, ADestinationThatIsUnmappedIsNotWritten) {
  from_.fill(first_);
  submit();
  // Something else is there by the time the engine writes: as much as it may.
  mmap(to_.data(), kBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  EXPECT_EQ(finish().verdict, Verdict::fault);
  EXPECT_TRUE(std::all_of(to_.data(), to_.data() + kBytes, [](auto byte) { return byte == 0; }));
}

TEST_F(DeviceMemoryInFlight, IsNotReachedAfterTheQueueHasStopped) {
  from_.fill(first_);
  const Pages to(kBytes);
  {
    DeviceClient second(process_.device());
    wd::ring::Tag tag = 0;
    ASSERT_TRUE(second.submit(compression(from_.data(), kBytes, to.data(), kBytes), tag));
    // Stopping ends what is in flight first: it is run now, or never.
  }
  std::fill_n(to.data(), kBytes, 0x55);
  usleep(600'000);
  EXPECT_TRUE(std::all_of(to.data(), to.data() + kBytes, [](auto byte) { return byte == 0x55; }));
}

}  // namespace
