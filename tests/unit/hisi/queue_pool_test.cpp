#include "hisi/qm/queue_pool.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"

namespace {

using wd::QueueKind;
using wd::hisi::PoolSettings;
using wd::hisi::Queue;
using wd::hisi::QueuePool;
using wd::hisi::Refusal;
using wd::hisi::Work;
using wd::test::FakeUacce;
using Lease = QueuePool::Lease;

constexpr const char* kAlgorithms[] = {"deflate", "zlib", "gzip"};
constexpr std::uint8_t kDeflate = 0;
constexpr std::uint8_t kZlib = 1;
constexpr QueueKind kCompress{0};
constexpr QueueKind kDecompress{1};

class QueuePoolTest : public testing::Test {
 protected:
  QueuePoolTest() {
    settings_.calls = &calls_;
    settings_.roots = FakeUacce::roots();
    settings_.family = "hisi_zip";
    settings_.algorithms = kAlgorithms;
    settings_.tag_word = [](unsigned) noexcept -> std::uint8_t { return 26; };
    settings_.least_work_bytes = 0;
  }
  ~QueuePoolTest() override { QueuePool::destroy(pool_); }

  QueuePool& pool() {
    if (pool_ == nullptr) pool_ = *QueuePool::create(settings_);
    return *pool_;
  }
  Lease lease(std::uint8_t algorithm = kZlib, QueueKind kind = kCompress,
              std::size_t bytes = 1000) {
    return pool().lease({algorithm, kind, bytes});
  }

  FakeUacce fake_;
  wd::SystemCalls calls_ = fake_.calls();
  PoolSettings settings_;
  QueuePool* pool_ = nullptr;
};

TEST_F(QueuePoolTest, OpensNothingBeforeThereIsWork) {
  settings_.least_work_bytes = 256 << 10;
  for (int i = 0; i < 4; ++i) {
    const Lease refused = lease(kZlib, kCompress, 60000);
    EXPECT_FALSE(refused);
    EXPECT_EQ(refused.refusal(), Refusal::too_little);
  }
  EXPECT_EQ(fake_.open_files(), 0);
  EXPECT_TRUE(lease(kZlib, kCompress, 60000));
  EXPECT_EQ(fake_.open_files(), 1);
}

TEST_F(QueuePoolTest, HandsTheSameQueueOutAgain) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.files.size(), 1u);
}

TEST_F(QueuePoolTest, HoldsNoMoreThanItMay) {
  settings_.max_queues = 3;
  std::vector<Lease> leases;
  for (int i = 0; i < 10; ++i) {
    leases.push_back(lease());
    EXPECT_TRUE(leases.back());
  }
  EXPECT_EQ(fake_.open_files(), 3);
  EXPECT_NE(&leases[0].queue(), &leases[1].queue());
  EXPECT_NE(&leases[1].queue(), &leases[2].queue());
  // Whoever comes later shares the last one.
  for (int i = 3; i < 10; ++i)
    EXPECT_EQ(&leases[static_cast<std::size_t>(i)].queue(), &leases[2].queue());
}

TEST_F(QueuePoolTest, GivesUpAnIdleQueueOfAnotherKind) {
  settings_.max_queues = 1;
  EXPECT_TRUE(lease(kZlib, kCompress));
  EXPECT_TRUE(lease(kZlib, kDecompress));
  EXPECT_EQ(fake_.open_files(), 1);
  EXPECT_EQ(pool().held(), 1u);
  const Lease held = lease(kZlib, kDecompress);
  EXPECT_EQ(lease(kZlib, kCompress).refusal(), Refusal::none_free);
}

TEST_F(QueuePoolTest, ReturnsWhatNobodyUses) {
  settings_.idle = std::chrono::milliseconds(0);
  EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.open_files(), 1);
  pool().sweep();
  EXPECT_EQ(fake_.open_files(), 0);
  EXPECT_EQ(pool().held(), 0u);
  const Lease held = lease();
  pool().sweep();
  EXPECT_EQ(fake_.open_files(), 1);
}

TEST_F(QueuePoolTest, SaysWhyThereIsNone) {
  for (const auto& [error, why] :
       {std::pair{-EBUSY, Refusal::none_free}, std::pair{-EPERM, Refusal::unavailable},
        std::pair{-EACCES, Refusal::unavailable}, std::pair{-ENODEV, Refusal::unavailable}}) {
    QueuePool::destroy(std::exchange(pool_, nullptr));
    fake_.open_error = error;
    EXPECT_EQ(lease().refusal(), why) << error;
    // It is not asked again at once.
    fake_.open_error = 0;
    EXPECT_EQ(lease().refusal(), why) << error;
    EXPECT_EQ(fake_.files.size(), 0u);
  }
}

TEST_F(QueuePoolTest, KnowsWhatNoDeviceDoes) {
  fake_.attribute("hisi_zip-0", "algorithms") = "zlib\ngzip";
  EXPECT_FALSE(pool().has(kDeflate));
  EXPECT_TRUE(pool().has(kZlib));
  EXPECT_EQ(lease(kDeflate).refusal(), Refusal::no_device);
  EXPECT_TRUE(lease(kZlib));
}

TEST_F(QueuePoolTest, TakesTheDeviceThatDoesItOnAMixedMachine) {
  fake_.attribute("hisi_zip-0", "algorithms") = "zlib\ngzip";
  fake_.attribute("hisi_zip-0", "api") = "hisi_qm_v2";
  fake_.add_device("hisi_zip-1", "hisi_qm_v3", "zlib\ngzip\ndeflate");
  EXPECT_EQ(lease(kDeflate).qm_version(), 3u);
  EXPECT_EQ(fake_.only_file().device, "hisi_zip-1");
}

TEST_F(QueuePoolTest, LeavesDevicesOfUnknownKindsAlone) {
  fake_.attribute("hisi_zip-0", "api") = "other_qm_v3";
  EXPECT_EQ(lease().refusal(), Refusal::no_device);
  QueuePool::destroy(std::exchange(pool_, nullptr));
  fake_.attribute("hisi_zip-0", "api") = "hisi_qm_v3";
  fake_.attribute("hisi_zip-0", "flags") = "0";  // addresses of its own
  EXPECT_EQ(lease().refusal(), Refusal::no_device);
}

TEST_F(QueuePoolTest, LeavesIsolatedDevicesAloneUntilTheyAreBack) {
  fake_.attribute("hisi_zip-0", "isolate") = "1\n";
  EXPECT_EQ(lease().refusal(), Refusal::unavailable);
  fake_.attribute("hisi_zip-0", "isolate") = "0\n";
  EXPECT_TRUE(lease());
}

TEST_F(QueuePoolTest, PrefersTheDeviceWithMoreQueuesFree) {
  fake_.add_device("hisi_zip-1", "hisi_qm_v3", "zlib\ngzip\ndeflate");
  fake_.attribute("hisi_zip-0", "available_instances") = "3\n";
  EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.only_file().device, "hisi_zip-1");
}

TEST_F(QueuePoolTest, PrefersTheDeviceOnThisNode) {
  fake_.add_device("hisi_zip-1", "hisi_qm_v3", "zlib\ngzip\ndeflate");
  fake_.attribute("hisi_zip-0", "device/numa_node") = "7\n";
  unsigned cpu = 0, node = 0;
  ASSERT_EQ(getcpu(&cpu, &node), 0);
  fake_.attribute("hisi_zip-1", "device/numa_node") = std::to_string(node);
  fake_.attribute("hisi_zip-1", "available_instances") = "1\n";
  EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.only_file().device, "hisi_zip-1");
}

TEST_F(QueuePoolTest, GoesToAnotherDeviceWhereOneHasNoneFree) {
  fake_.add_device("hisi_zip-1", "hisi_qm_v3", "zlib\ngzip\ndeflate");
  fake_.busy_device = "hisi_zip-0";
  EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.only_file().device, "hisi_zip-1");
}

TEST_F(QueuePoolTest, HandsNoQueueOutThatProvesNothing) {
  settings_.proves_itself = [](Queue&, const wd::DeviceInfo&, QueueKind) noexcept { return false; };
  EXPECT_EQ(lease().refusal(), Refusal::unproven);
  EXPECT_EQ(fake_.open_files(), 0);
}

TEST_F(QueuePoolTest, SetsADeviceAsideThatErrsTooOften) {
  settings_.most_faults = 3;
  settings_.idle = std::chrono::milliseconds(0);
  for (int i = 0; i < 3; ++i) {
    Lease failing = lease();
    ASSERT_TRUE(failing) << i;
    failing.failed();
  }
  pool().sweep();
  EXPECT_EQ(lease().refusal(), Refusal::set_aside);
}

TEST_F(QueuePoolTest, ReplacesAQueueThatHasEnded) {
  {
    const Lease held = lease();
    fake_.set_stop(fake_.only_file(), true, true);
    wd::ring::Tag tag = 0;
    EXPECT_EQ(
        held.queue().submit(tag, [](wd::ring::Tag) noexcept { return wd::hisi::Descriptor{}; }),
        Queue::Submitted::refused);
  }
  EXPECT_EQ(fake_.open_files(), 0);
  EXPECT_TRUE(lease());
  EXPECT_EQ(fake_.files.size(), 2u);
}

TEST_F(QueuePoolTest, StartsAnewInAForkedChild) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  const Lease held = lease();
  { const Lease other = lease(); }
  ASSERT_EQ(fake_.open_files(), 2);
  std::vector<std::string> seen;
  fake_.on_end = [&](const char* what) { seen.emplace_back(what); };
  const int result = wd::test::in_child([&] {
    // The two that were inherited are closed, and nothing else was done to them.
    const bool closed = seen == std::vector<std::string>{"close", "close"};
    const Lease own = lease();
    if (!own) return 1;
    if (!closed || seen.size() != 2) return 2;
    return fake_.open_files() == 1 && pool().held() == 1 ? 0 : 3;
  });
  fake_.on_end = nullptr;
  EXPECT_EQ(result, 0);
  EXPECT_EQ(fake_.open_files(), 2);
  EXPECT_EQ(pool().held(), 2u);
}

TEST_F(QueuePoolTest, FreesWhatItInheritedThoughTheChildNeverAsks) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  { const Lease held = lease(); }
  const int result = wd::test::in_child([&] {
    QueuePool::destroy(std::exchange(pool_, nullptr));
    return fake_.open_files() == 0 ? 0 : 1;
  });
  EXPECT_EQ(result, 0);
}

}  // namespace
