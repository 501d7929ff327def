// Each allocation that the kernel makes in a call fails once, the first, the second and so on: then
// the call has failed and left nothing, or it could do without. Client and engine are this
// thread's.
#include <gtest/gtest.h>

#include <cstdio>

#include "abi/failing.h"
#include "device/uacce_abi.hpp"
#include "dummy/agreeing_engine.hpp"
#include "dummy/device_client.hpp"
#include "dummy/module.hpp"

namespace {

using wd::test::address_of;
using wd::test::AgreeingEngine;
using wd::test::Bytes;
using wd::test::compression;
using wd::test::DeviceClient;
using wd::test::usual_device;

class NoMemory : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(failing_set_up()); }

  // call() is 0 or a negative errno value, and undo() takes back what it did when that was 0. How
  // often it failed; always for want of memory, and never again when there is some.
  template <class Call, class Undo>
  int fails_cleanly(const char* what, Call&& call, Undo&& undo) {
    int failures = 0;
    bool failed = true;
    for (int nth = 1; failed && nth < FAILING_MOST; ++nth) {
      failing_arm(nth);
      int rc = call();
      failed = failing_disarm();
      if (rc != 0) {
        EXPECT_TRUE(failed) << what << " " << rc;
        // The driver core says EINVAL of a device that got no name.
        EXPECT_TRUE(rc == -ENOMEM || rc == -EINVAL) << what << " " << nth << " " << rc;
        ++failures;
        rc = call();
        EXPECT_EQ(rc, 0) << what << " once more, after " << nth;
      }
      if (rc == 0) undo();
      if (HasFailure()) break;
    }
    EXPECT_FALSE(failed) << what;
    std::printf("%s failed %d times\n", what, failures);
    return failures;
  }
};

TEST_F(NoMemory, ForADevice) {
  const int fd = open("/dev/wd_dummy", O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  const auto create = [fd] {
    wd_dummy_create device = usual_device();
    return ioctl(fd, WD_DUMMY_CREATE, &device) == 0 ? 0 : -errno;
  };
  const auto remove = [fd] { EXPECT_EQ(ioctl(fd, WD_DUMMY_REMOVE), 0); };
  // The device, its table, its page, its parent, and what uacce makes of it.
  EXPECT_GE(fails_cleanly("CREATE", create, remove), 8);
  close(fd);
  EXPECT_EQ(wd::test::unload_when_idle(), 0);
  wd::test::load();
}

TEST_F(NoMemory, ForAQueue) {
  const AgreeingEngine engine;
  const std::string node = std::string("/dev/") + engine.info().name;
  int fd = -1;
  const auto open_one = [&] {
    fd = open(node.c_str(), O_RDWR | O_CLOEXEC);
    return fd >= 0 ? 0 : -errno;
  };
  const auto close_it = [&] { close(fd); };
  EXPECT_GE(fails_cleanly("open", open_one, close_it), 8);
  // The device has four, and all are free again.
  EXPECT_EQ(*wd::available_instances(wd::kernel_calls(), wd::Roots{}, engine.info().name), 4);
  EXPECT_EQ(wd::test::mapped_by_the_module(), 0);
}

TEST_F(NoMemory, ForItsMappings) {
  const AgreeingEngine engine;
  const wd::DeviceInfo device = engine.info();
  const int fd = open((std::string("/dev/") + device.name).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  const long page = sysconf(_SC_PAGESIZE);
  for (const bool share : {false, true}) {
    const std::size_t bytes = share ? device.dus_bytes : device.mmio_bytes;
    void* at = MAP_FAILED;
    const auto map = [&] {
      at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, share ? page : 0);
      return at != MAP_FAILED ? 0 : -errno;
    };
    const auto unmap = [&] { munmap(at, bytes); };
    EXPECT_GE(fails_cleanly(share ? "mmap of the memory" : "mmap of registers", map, unmap), 1);
  }
  EXPECT_EQ(ioctl(fd, wd::uacce::kStart), 0);
  close(fd);
}

// A request that could not be fetched can be fetched later.
TEST_F(NoMemory, ForARequest) {
  AgreeingEngine engine;
  const Bytes plain = wd::test::noise(10000);
  Bytes room(20000);
  Bytes buffer(20000);
  DeviceClient client(engine.info(), wd::test::Direction::compress, std::chrono::milliseconds(10));
  ASSERT_TRUE(client.is_open());
  std::uint16_t tail = 0;
  const auto next = [&] {
    wd::ring::Tag tag = 0;
    EXPECT_TRUE(
        client.submit(compression(plain.data(), plain.size(), room.data(), room.size()), tag));
    engine.wait_for_tail(++tail);
  };
  const auto fetch = [&] {
    wd_dummy_fetch wanted{};
    wanted.at = {0, tail - 1U};
    return engine.call(WD_DUMMY_FETCH, &wanted);
  };
  const auto complete = [&] {
    wd_dummy_slot at{0, tail - 1U};
    EXPECT_EQ(engine.call(WD_DUMMY_COMPLETE, &at), 0);
    next();
  };
  next();
  EXPECT_GE(fails_cleanly("FETCH", fetch, complete), 2);
  ASSERT_EQ(fetch(), 0);
  const auto copy = [&](unsigned long call, const void* at, std::size_t bytes) {
    wd_dummy_copy wanted{};
    wanted.at = {0, tail - 1U};
    wanted.client = address_of(at);
    wanted.engine = address_of(buffer.data());
    wanted.bytes = bytes;
    return engine.call(call, &wanted);
  };
  const auto nothing = [] {};
  EXPECT_GE(fails_cleanly(
                "READ", [&] { return copy(WD_DUMMY_READ, plain.data(), plain.size()); }, nothing),
            1);
  EXPECT_GE(fails_cleanly(
                "WRITE", [&] { return copy(WD_DUMMY_WRITE, room.data(), room.size()); }, nothing),
            1);
}

}  // namespace
