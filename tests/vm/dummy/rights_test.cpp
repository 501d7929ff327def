// What an engine may and may not: here the test is the engine, and asks for too much.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include <linux/capability.h>
#include <sys/syscall.h>

#include "dummy/agreeing_engine.hpp"
#include "dummy/device_client.hpp"
#include "fixtures/child.hpp"

namespace {

using wd::test::address_of;
using wd::test::AgreeingEngine;
using wd::test::Bytes;
using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::usual_device;
using wd::test::write_text;

int drop_all_rights() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2]{};
  return static_cast<int>(syscall(SYS_capset, &header, none));
}

class EngineRights : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_->is_open()); }
  // A request of the client's, fetched.
  void submit_and_fetch() {
    wd::ring::Tag tag = 0;
    ASSERT_TRUE(
        client_->submit(compression(from_.data(), from_.size(), to_.data(), to_.size()), tag));
    engine_.wait_for_tail(1);
    ASSERT_EQ(fetch(0), 0);
  }
  int fetch(std::uint32_t slot, std::uint32_t queue = 0) {
    wd_dummy_fetch fetch{};
    fetch.at = {queue, slot};
    return engine_.call(WD_DUMMY_FETCH, &fetch);
  }
  int copy(unsigned long call, const void* at, std::size_t bytes, std::uint32_t slot = 0) {
    wd_dummy_copy copy{};
    copy.at = {0, slot};
    copy.client = address_of(at);
    copy.engine = address_of(buffer_.data());
    copy.bytes = bytes;
    return engine_.call(call, &copy);
  }
  int complete(std::uint32_t slot) {
    wd_dummy_slot at{0, slot};
    return engine_.call(WD_DUMMY_COMPLETE, &at);
  }

  Bytes from_ = wd::test::noise(10000);
  Bytes to_ = Bytes(20000);
  Bytes secret_ = wd::test::noise(1000, 2);
  Bytes buffer_ = Bytes(100000);
  AgreeingEngine engine_;
  std::unique_ptr<DeviceClient> client_ = std::make_unique<DeviceClient>(
      engine_.info(), wd::test::Direction::compress, std::chrono::milliseconds(10));
};

TEST_F(EngineRights, EndWithWhatADescriptorNames) {
  submit_and_fetch();
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), from_.size()), 0);
  EXPECT_TRUE(std::equal(from_.begin(), from_.end(), buffer_.begin()));
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data() + 5000, 5000), 0);
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), from_.size() + 1), -EACCES);
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data() - 1, 1), -EACCES);
  EXPECT_EQ(copy(WD_DUMMY_READ, secret_.data(), 1), -EACCES);
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data() + 1, ~std::size_t{0}), -EACCES);
  // Input is for reading, room for writing.
  EXPECT_EQ(copy(WD_DUMMY_WRITE, from_.data(), 1), -EACCES);
  EXPECT_EQ(copy(WD_DUMMY_READ, to_.data(), 1), -EACCES);
  std::fill(buffer_.begin(), buffer_.end(), 0xaa);
  EXPECT_EQ(copy(WD_DUMMY_WRITE, to_.data(), to_.size()), 0);
  EXPECT_EQ(to_.back(), 0xaa);
  EXPECT_EQ(copy(WD_DUMMY_WRITE, to_.data() + 1, to_.size()), -EACCES);
  // The kernel is nobody's memory, whoever names it.
  EXPECT_EQ(copy(WD_DUMMY_READ, reinterpret_cast<void*>(0xffffffff81000000), 8), -EACCES);
}

TEST_F(EngineRights, EndWithTheRequest) {
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), 1), -ENOENT);
  submit_and_fetch();
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), 1), 0);
  EXPECT_EQ(complete(0), 0);
  EXPECT_EQ(complete(0), -ENOENT);
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), 1), -ENOENT);
  EXPECT_EQ(copy(WD_DUMMY_WRITE, to_.data(), 1), -ENOENT);
}

TEST_F(EngineRights, EndWithTheQueue) {
  submit_and_fetch();
  client_.reset();
  EXPECT_EQ(copy(WD_DUMMY_READ, from_.data(), 1), -ENOENT);
  EXPECT_EQ(copy(WD_DUMMY_WRITE, to_.data(), 1), -ENOENT);
}

TEST_F(EngineRights, AreForRequestsThatWereRungFor) {
  EXPECT_EQ(fetch(0), -ENOENT);
  submit_and_fetch();
  EXPECT_EQ(fetch(0), -ENOENT);
  EXPECT_EQ(fetch(1), -ENOENT);
  EXPECT_EQ(fetch(64), -ENOENT);
  EXPECT_EQ(fetch(~0U), -ENOENT);
  EXPECT_EQ(fetch(0, 1), -ENOENT);
  EXPECT_EQ(fetch(0, ~0U), -ENOENT);
  EXPECT_EQ(complete(64), -ENOENT);
}

// The descriptor counts as it was when it was fetched.
TEST_F(EngineRights, DoNotGrowWithTheRing) {
  submit_and_fetch();
  const wd::DeviceInfo device = engine_.info();
  void* const ring = mmap(nullptr, device.dus_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                          engine_.fd(), static_cast<off_t>(WD_DUMMY_MAP_QUEUE(0)));
  ASSERT_NE(ring, MAP_FAILED);
  auto* const words = static_cast<std::uint32_t*>(ring);
  const std::uint64_t secret = address_of(secret_.data());
  words[18] = static_cast<std::uint32_t>(secret);
  words[19] = static_cast<std::uint32_t>(secret >> 32);
  EXPECT_EQ(copy(WD_DUMMY_READ, secret_.data(), 1), -EACCES);
  munmap(ring, device.dus_bytes);
}

TEST(ControlDevice, IsForCapableProcessesAtEachCall) {
  EXPECT_EQ(wd::test::in_child([] {
              const int fd = open("/dev/wd_dummy", O_RDWR);
              wd_dummy_create device = usual_device();
              if (fd < 0 || ioctl(fd, WD_DUMMY_CREATE, &device) != 0) return 1;
              if (drop_all_rights() != 0) return 2;
              for (const unsigned long call :
                   {WD_DUMMY_CREATE, WD_DUMMY_WAIT, WD_DUMMY_ANSWER, WD_DUMMY_FETCH, WD_DUMMY_READ,
                    WD_DUMMY_WRITE, WD_DUMMY_COMPLETE, 0UL + WD_DUMMY_REMOVE})
                if (ioctl(fd, call, &device) != -1 || errno != EPERM) return 3;
              if (mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd,
                       static_cast<off_t>(WD_DUMMY_MAP_NEWS)) != MAP_FAILED)
                return 4;
              if (chmod("/dev/wd_dummy", 0666) != 0) return 5;
              return open("/dev/wd_dummy", O_RDWR) < 0 && errno == EPERM ? 0 : 6;
            }),
            0);
  chmod("/dev/wd_dummy", 0600);
}

TEST(ControlDevice, RefusesDevicesThatCannotBe) {
  const int fd = open("/dev/wd_dummy", O_RDWR | O_CLOEXEC);
  const auto refused = [fd](auto&& change) {
    wd_dummy_create device = usual_device();
    change(device);
    return ioctl(fd, WD_DUMMY_CREATE, &device) == -1 && errno == EINVAL;
  };
  EXPECT_TRUE(refused([](auto& d) { d.name[0] = 0; }));
  EXPECT_TRUE(refused([](auto& d) { write_text("a/b", d.name); }));
  EXPECT_TRUE(refused([](auto& d) { std::memset(d.name, 'a', sizeof(d.name)); }));
  EXPECT_TRUE(refused([](auto& d) { std::memset(d.algorithms, 'a', sizeof(d.algorithms)); }));
  EXPECT_TRUE(refused([](auto& d) { d.format = 0; }));
  EXPECT_TRUE(refused([](auto& d) { d.queues = 0; }));
  EXPECT_TRUE(refused([](auto& d) { d.queues = 1025; }));
  EXPECT_TRUE(refused([](auto& d) { d.depth = 1; }));
  EXPECT_TRUE(refused([](auto& d) { d.depth = 32769; }));
  EXPECT_TRUE(refused([](auto& d) { d.register_bytes = 0x1000; }));
  EXPECT_TRUE(refused([](auto& d) { d.register_bytes = 0x2001; }));
  EXPECT_TRUE(refused([](auto& d) { d.numa_node = 1000; }));
  EXPECT_TRUE(refused([](auto& d) { d.reserved = 1; }));
  // One device for each engine.
  wd_dummy_create device = usual_device();
  ASSERT_EQ(ioctl(fd, WD_DUMMY_CREATE, &device), 0);
  EXPECT_EQ(ioctl(fd, WD_DUMMY_CREATE, &device), -1);
  EXPECT_EQ(errno, EBUSY);
  close(fd);
}

}  // namespace
