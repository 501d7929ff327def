#include "device/queue_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"

namespace {

using wd::DeviceInfo;
using wd::Errc;
using wd::QueueFile;
using wd::QueueKind;
using wd::test::FakeUacce;

class QueueFileTest : public testing::Test {
 protected:
  wd::Result<QueueFile> open() {
    auto info = wd::read_device(calls_, fake_.roots(), "hisi_zip-0");
    return QueueFile::open(calls_, fake_.roots(), *info, QueueKind{1}, 128);
  }

  FakeUacce fake_;
  wd::SystemCalls calls_ = fake_.calls();
};

TEST_F(QueueFileTest, OpensMapsAndConfiguresInTheKernelsOrder) {
  auto queue = open();
  ASSERT_TRUE(queue);
  FakeUacce::File& file = fake_.only_file();
  EXPECT_EQ(file.kind, 1);
  EXPECT_EQ(queue->rings().descriptor_bytes, 128u);
  EXPECT_EQ(queue->rings().submission_slots, 1024u);
  EXPECT_EQ(queue->dus().shared_at, file.dus);
  EXPECT_EQ(queue->mmio().shared_at, file.mmio);
  ASSERT_TRUE(queue->start());
  EXPECT_EQ(file.calls, (std::vector<unsigned long>{FakeUacce::kSetContext, FakeUacce::kGetInfo,
                                                    FakeUacce::kStart}));
}

TEST_F(QueueFileTest, TakesOldKernelsAtTheirOldSizes) {
  fake_.knows_info = false;
  auto queue = open();
  ASSERT_TRUE(queue);
  EXPECT_EQ(queue->rings().descriptor_bytes, 128u);
  EXPECT_EQ(queue->rings().submission_slots, 1024u);
  EXPECT_EQ(queue->rings().completion_slots, 1024u);
}

TEST_F(QueueFileTest, StopsThenUnmapsThenCloses) {
  std::vector<std::string> seen;
  fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
  {
    auto queue = open();
    ASSERT_TRUE(queue->start());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"stop", "unmap", "unmap", "close"}));
  EXPECT_EQ(fake_.open_files(), 0);
}

TEST_F(QueueFileTest, ClosesWhateverStoppingAnswers) {
  for (const int answer : {0, -ENXIO, -EINVAL, -EINTR}) {
    fake_.put_queue_error = answer;
    { ASSERT_TRUE(open()->start()); }
    EXPECT_EQ(fake_.open_files(), 0) << answer;
  }
}

TEST_F(QueueFileTest, DoesNotStopWhatNeverRan) {
  std::vector<std::string> seen;
  fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
  { ASSERT_TRUE(open()); }
  EXPECT_EQ(seen, (std::vector<std::string>{"unmap", "unmap", "close"}));
}

TEST_F(QueueFileTest, TellsWhyNothingCouldBeOpened) {
  for (const int error : {EBUSY, EPERM, EACCES, ENODEV}) {
    fake_.open_error = -error;
    const auto queue = open();
    ASSERT_FALSE(queue);
    EXPECT_EQ(queue.error().code, Errc::io);
    EXPECT_EQ(queue.error().sys_errno, error);
  }
}

TEST_F(QueueFileTest, NeedsRegions) {
  fake_.attribute("hisi_zip-0", "region_dus_size") = "0";
  EXPECT_EQ(open().error().code, Errc::unsupported);
}

TEST_F(QueueFileTest, RefusesSizesThatAreNoPages) {
  for (const char* size : {"1", "4095", "1099511627776", "65537"}) {
    fake_.attribute("hisi_zip-0", "region_mmio_size") = size;
    EXPECT_FALSE(open()) << size;
    EXPECT_EQ(fake_.open_files(), 0) << size;
  }
}

TEST_F(QueueFileTest, LeavesAStolenDescriptorAlone) {
  std::vector<std::string> seen;
  {
    auto queue = open();
    ASSERT_TRUE(queue->start());
    const std::size_t calls_before = fake_.only_file().calls.size();
    fake_.steal(fake_.files.begin()->first);
    fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
    EXPECT_TRUE(queue->stolen());
    EXPECT_EQ(queue->poll(0), -ESTALE);
    queue->stop();
    EXPECT_EQ(fake_.only_file().calls.size(), calls_before);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"unmap", "unmap"}));
  EXPECT_EQ(fake_.open_files(), 1);
  EXPECT_EQ(fake_.polls, 0);
}

TEST_F(QueueFileTest, InAChildOnlyClosesTheDescriptor) {
  auto queue = open();
  ASSERT_TRUE(queue->start());
  const int result = wd::test::in_child([&] {
    std::vector<std::string> seen;
    fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
    queue->disown();
    queue->close();
    return seen == std::vector<std::string>{"close"} ? 0 : 1;
  });
  EXPECT_EQ(result, 0);
  EXPECT_EQ(fake_.open_files(), 1);
}

TEST_F(QueueFileTest, LeavesNothingOpenAfterAThousand) {
  for (int i = 0; i < 1000; ++i) {
    auto queue = open();
    ASSERT_TRUE(queue);
    ASSERT_TRUE(queue->start());
  }
  EXPECT_EQ(fake_.open_files(), 0);
}

}  // namespace
