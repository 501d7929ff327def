// The life of a queue as a driver sees it: open, regions, ioctl, stop, close, and every refusal.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "zip_words.hpp"

namespace wd::test {
namespace {

std::size_t page() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// A queue that is open and nothing more.
class OpenQueue {
 public:
  explicit OpenQueue(const Emulated& emulated)
      : calls_(emulated.calls()), fd_(calls_.open(calls_.world, "/dev/hisi_zip-0", 0)) {}
  OpenQueue(const OpenQueue&) = delete;
  OpenQueue& operator=(const OpenQueue&) = delete;
  ~OpenQueue() {
    if (fd_ >= 0) calls_.close(calls_.world, fd_);
  }

  [[nodiscard]] int fd() const { return fd_; }
  int map(std::size_t bytes, std::uint64_t offset, void** at = nullptr) const {
    int error = 1;
    void* const mapped = calls_.map(calls_.world, fd_, bytes, offset, &error);
    EXPECT_EQ(mapped != nullptr, error == 0);
    if (at != nullptr) *at = mapped;
    return error;
  }
  int unmap(void* at, std::size_t bytes) const { return calls_.unmap(calls_.world, at, bytes); }
  long ioctl(unsigned long request, void* argument = nullptr) const {
    return calls_.ioctl(calls_.world, fd_, request, argument);
  }

 private:
  const SystemCalls& calls_;
  int fd_;
};

struct Context {
  std::uint16_t id, type;
};

TEST(EmulatedQueue, TellsItsNumberAndSizes) {
  const Emulated emulated("hisi_zip:depth=64");
  const OpenQueue first(emulated);
  const OpenQueue second(emulated);
  Context context{99, 1};
  EXPECT_EQ(second.ioctl(kSetContext, &context), 0);
  EXPECT_EQ(context.id, 1);
  struct {
    std::uint32_t descriptor_bytes;
    std::uint16_t submissions, completions;
    std::uint64_t reserved;
  } information{};
  EXPECT_EQ(first.ioctl(kGetInformation, &information), 0);
  EXPECT_EQ(information.descriptor_bytes, 128U);
  EXPECT_EQ(information.submissions, 64);
  EXPECT_EQ(information.completions, 64);
}

TEST(EmulatedQueue, RefusesWrongCalls) {
  const Emulated emulated("hisi_zip:kernel=6.1");
  const OpenQueue queue(emulated);
  Context context{0, 2};
  EXPECT_EQ(queue.ioctl(kSetContext, &context), -EINVAL);
  EXPECT_EQ(queue.ioctl(kSetContext, nullptr), -EFAULT);
  EXPECT_EQ(queue.ioctl(kSetContext, reinterpret_cast<void*>(16)), -EFAULT);
  EXPECT_EQ(queue.ioctl(0x5702), -EINVAL);
  std::uint64_t slice = 0;
  EXPECT_EQ(queue.ioctl(kStaticShareAddress, &slice), -EINVAL);
  EXPECT_EQ(queue.ioctl(kStartQueue), 0);
  EXPECT_EQ(queue.ioctl(kStartQueue), -EINVAL);
  const SystemCalls& calls = emulated.calls();
  EXPECT_EQ(calls.ioctl(calls.world, 0, kStartQueue, nullptr), -EBADF);
  EXPECT_EQ(calls.close(calls.world, 0), -EBADF);
  EXPECT_EQ(calls.poll(calls.world, 999, 0), -EBADF);
  const Emulated newer("hisi_zip:kernel=6.19");
  EXPECT_EQ(OpenQueue(newer).ioctl(kSetContext, &context), 0);
}

TEST(EmulatedQueue, MapsEachRegionAsItIs) {
  const Emulated emulated("hisi_zip");
  const OpenQueue queue(emulated);
  const std::size_t shared = QueueSize{}.shared_bytes();
  EXPECT_EQ(queue.map(shared - page(), page()), -EINVAL);
  EXPECT_EQ(queue.map(shared + page(), page()), -EINVAL);
  EXPECT_EQ(queue.map(0x10000 + page(), 0), -EINVAL);
  EXPECT_EQ(queue.map(0, 0), -EINVAL);
  EXPECT_EQ(queue.map(page(), 2 * page()), -EINVAL);
  EXPECT_EQ(queue.map(page(), 100), -EINVAL);
  void* at = nullptr;
  EXPECT_EQ(queue.map(page(), 0, &at), 0);  // less than all of the registers
  EXPECT_EQ(queue.map(page(), 0), -EEXIST);
  EXPECT_EQ(queue.unmap(at, page()), 0);
  EXPECT_EQ(queue.unmap(at, page()), -EINVAL);
  EXPECT_EQ(queue.map(0x10000, 0, &at), 0);
  EXPECT_EQ(queue.unmap(at, 0x10000), 0);
}

TEST(EmulatedQueue, IsMappedOnceOnAnOldKernel) {
  const Emulated emulated("hisi_zip:kernel=6.1");
  const OpenQueue queue(emulated);
  void* at = nullptr;
  EXPECT_EQ(queue.map(0x10000, 0, &at), 0);
  EXPECT_EQ(queue.unmap(at, 0x10000), 0);
  EXPECT_EQ(queue.map(0x10000, 0), -EEXIST);
}

TEST(EmulatedQueue, IsStoppedByPutAndStartsAgain) {
  const Emulated emulated("hisi_zip:kernel=6.19");
  TinyQueue queue(emulated, 0);
  EXPECT_EQ(queue.ioctl(kPutQueue), 0);
  EXPECT_EQ(queue.ioctl(kPutQueue), 0);
  queue.start();
  const Bytes plain = text(100);
  Bytes out(300);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0U);
}

TEST(EmulatedQueue, IsEndedByPutOnAnOldKernel) {
  const Emulated emulated("hisi_zip:kernel=5.10");
  const OpenQueue queue(emulated);
  EXPECT_EQ(queue.ioctl(kPutQueue), 0);
  EXPECT_EQ(queue.ioctl(kStartQueue), -ENXIO);
  EXPECT_EQ(queue.ioctl(0x1234), -ENXIO);
  EXPECT_EQ(queue.map(0x10000, 0), -ENXIO);
}

TEST(EmulatedQueue, KeepsTheLastOwnersSubmissionsButNotItsCompletions) {
  const Emulated emulated("hisi_zip:queues=1:fault=stop@2");
  const Bytes plain = text(100);
  Bytes out(300);
  {
    TinyQueue queue(emulated, 0);
    queue.run(whole(kZlib, plain, out));
    queue.submit(whole(kZlib, plain, out));
    EXPECT_TRUE(queue.waits_for_stop());
  }
  TinyQueue queue(emulated, 0);
  EXPECT_FALSE(queue.transmission_stopped());
  EXPECT_FALSE(queue.reception_stopped());
  EXPECT_FALSE(queue.look());
  EXPECT_NE(queue.shared()[16], 0);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0U);
}

TEST(EmulatedQueue, IsRefusedWhenThereIsNone) {
  const Emulated emulated("hisi_zip:queues=2");
  auto first = std::make_unique<OpenQueue>(emulated);
  const OpenQueue second(emulated);
  EXPECT_EQ(OpenQueue(emulated).fd(), -EBUSY);
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "0\n");
  first.reset();
  EXPECT_GE(OpenQueue(emulated).fd(), 0);
  EXPECT_EQ(emulated.count("free_queues"), 1);
}

TEST(EmulatedQueue, IsKeptByItsMappingsBehindClose) {
  const Emulated emulated("hisi_zip:queues=1");
  {
    TinyQueue queue(emulated, 0);
    queue.close();
    EXPECT_EQ(emulated.count("free_queues"), 0);
    const Bytes plain = text(100);
    Bytes out(300);
    EXPECT_EQ(status_of(queue.run(whole(kZlib, plain, out))), 0U);
    queue.unmap();
  }
  EXPECT_EQ(emulated.count("free_queues"), 1);
}

TEST(EmulatedQueue, IsFreeAgainAfterAPlainClose) {
  const Emulated emulated("hisi_zip:queues=1");
  const SystemCalls& calls = emulated.calls();
  const int fd = calls.open(calls.world, "/dev/hisi_zip-0", 0);
  ::close(fd);
  EXPECT_EQ(emulated.attribute("hisi_zip-0", "available_instances"), "1\n");
  ::close(calls.open(calls.world, "/dev/hisi_zip-0", 0));
  EXPECT_GE(OpenQueue(emulated).fd(), 0);
}

TEST(EmulatedQueue, DescriptorIsARealOne) {
  const Emulated emulated("hisi_zip");
  const SystemCalls& calls = emulated.calls();
  const int next = dup(0);
  ::close(next);
  const OpenQueue queue(emulated);
  EXPECT_EQ(queue.fd(), next);  // the lowest that is free
  EXPECT_EQ(fcntl(queue.fd(), F_GETFD), FD_CLOEXEC);
  FileIdentity identity{};
  FileIdentity again{};
  EXPECT_EQ(calls.identify(calls.world, queue.fd(), &identity), 0);
  const int copy = dup(queue.fd());
  EXPECT_EQ(calls.identify(calls.world, copy, &again), 0);
  EXPECT_EQ(identity, again);
  EXPECT_EQ(calls.ioctl(calls.world, copy, kStartQueue, nullptr), 0);
  ::close(copy);
  EXPECT_EQ(calls.identify(calls.world, copy, &again), -EBADF);
}

TEST(EmulatedQueue, IsNotConfusedByAnotherFileUnderItsNumber) {
  const Emulated emulated("hisi_zip");
  const SystemCalls& calls = emulated.calls();
  const int fd = calls.open(calls.world, "/dev/hisi_zip-0", 0);
  ASSERT_EQ(dup2(0, fd), fd);
  EXPECT_EQ(calls.ioctl(calls.world, fd, kStartQueue, nullptr), -EBADF);
  EXPECT_EQ(calls.close(calls.world, fd), -EBADF);
  EXPECT_EQ(fcntl(fd, F_GETFD), 0);
  ::close(fd);
}

TEST(EmulatedQueue, OpensAndClosesAThousandTimes) {
  const Emulated emulated("hisi_zip:engine=null");
  const int before = dup(0);
  ::close(before);
  for (int round = 0; round < 1000; ++round) {
    TinyQueue queue(emulated, 0);
    if (round % 100 == 0) queue.run(Words{});
  }
  const int after = dup(0);
  ::close(after);
  EXPECT_EQ(before, after);
  EXPECT_EQ(emulated.count("free_queues"), 64);
}

TEST(EmulatedQueue, IsOneOfAThousandAtATime) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlimit many{std::min<rlim_t>(files.rlim_max, 4096), files.rlim_max};
  if (many.rlim_cur < 2200) GTEST_SKIP() << "too few descriptors";
  setrlimit(RLIMIT_NOFILE, &many);
  const Emulated emulated("hisi_zip:queues=1000:depth=16:threads=2");
  std::vector<std::unique_ptr<TinyQueue>> queues;
  const Bytes plain = text(100);
  Bytes out(300);
  for (int each = 0; each < 1000; ++each) {
    queues.push_back(std::make_unique<TinyQueue>(emulated, 0, QueueSize{.depth = 16}));
    EXPECT_EQ(queues.back()->number(), each);
  }
  for (const auto& queue : queues) EXPECT_EQ(status_of(queue->run(whole(kZlib, plain, out))), 0U);
  queues.clear();
  EXPECT_EQ(emulated.count("free_queues"), 1000);
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace
}  // namespace wd::test
