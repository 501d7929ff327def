// The kernel's own calls, on files that every machine has.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "device/system_calls.hpp"
#include "fixtures/scratch_folder.hpp"

namespace {

using wd::FileIdentity;
using wd::kernel_calls;
using wd::SystemCalls;

class KernelCallsTest : public testing::Test {
 protected:
  KernelCallsTest() { EXPECT_EQ(pipe(pipe_), 0); }
  ~KernelCallsTest() override {
    for (const int end : pipe_)
      if (end >= 0) close(end);
  }

  const SystemCalls& calls_ = kernel_calls();
  int pipe_[2] = {-1, -1};
};

TEST_F(KernelCallsTest, TellFailureAsItsNumberAndLeaveErrnoAlone) {
  errno = 77;
  int error = 0;
  char byte = 0;
  FileIdentity identity{};
  EXPECT_EQ(calls_.open(calls_.world, "/nonexistent/node", O_RDWR), -ENOENT);
  EXPECT_EQ(calls_.close(calls_.world, -1), -EBADF);
  EXPECT_EQ(calls_.ioctl(calls_.world, pipe_[0], 0x5700, nullptr), -ENOTTY);
  EXPECT_EQ(calls_.map(calls_.world, pipe_[0], 4096, 0, &error), nullptr);
  EXPECT_LT(error, 0);
  EXPECT_EQ(calls_.identify(calls_.world, -1, &identity), -EBADF);
  EXPECT_EQ(calls_.read_file(calls_.world, "/nonexistent/file", &byte, 1), -ENOENT);
  EXPECT_EQ(
      calls_.list_folder(calls_.world, "/nonexistent", nullptr, [](void*, const char*) noexcept {}),
      -ENOENT);
  EXPECT_EQ(errno, 77);
}

TEST_F(KernelCallsTest, OpenDescriptorsThatDoNotOutliveExec) {
  const int fd = calls_.open(calls_.world, "/dev/null", O_RDWR);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(calls_.close(calls_.world, fd), 0);
}

TEST_F(KernelCallsTest, NoticeThatANumberMeansAnotherFile) {
  FileIdentity before{}, same{}, after{};
  ASSERT_EQ(calls_.identify(calls_.world, pipe_[0], &before), 0);
  ASSERT_EQ(calls_.identify(calls_.world, pipe_[0], &same), 0);
  EXPECT_EQ(before, same);
  const int other = open("/dev/null", O_RDWR);
  ASSERT_EQ(dup2(other, pipe_[0]), pipe_[0]);
  close(other);
  ASSERT_EQ(calls_.identify(calls_.world, pipe_[0], &after), 0);
  EXPECT_FALSE(before == after);
}

TEST_F(KernelCallsTest, PollForInput) {
  EXPECT_EQ(calls_.poll(calls_.world, pipe_[0], 0), 0);
  ASSERT_EQ(write(pipe_[1], "x", 1), 1);
  EXPECT_EQ(calls_.poll(calls_.world, pipe_[0], 0), 1);
  char byte = 0;
  ASSERT_EQ(read(pipe_[0], &byte, 1), 1);
  close(pipe_[1]);
  pipe_[1] = -1;
  EXPECT_EQ(calls_.poll(calls_.world, pipe_[0], 0), -EPIPE);
  EXPECT_EQ(calls_.poll(calls_.world, 1 << 20, 0), -EBADF);
}

TEST_F(KernelCallsTest, ReadNoMoreThanThereIsRoomFor) {
  const wd::test::ScratchFolder folder;
  const std::string path = folder.file("attribute", "0123456789");
  char room[16] = {};
  EXPECT_EQ(calls_.read_file(calls_.world, path.c_str(), room, 4), 4);
  EXPECT_STREQ(room, "0123");
  EXPECT_EQ(calls_.read_file(calls_.world, path.c_str(), room, sizeof(room)), 10);
}

}  // namespace
