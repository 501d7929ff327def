// Queues that a forked child inherits: how long they stay its parent's when the parent gives them
// back, and what a program gets that is executed.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "emulator/tiny_driver.hpp"
#include "fixtures/talking_child.hpp"
#include "hisi/qm/queue_pool.hpp"
#include "hisi/zip/descriptor.hpp"

namespace wd::test {
namespace {

using hisi::PoolSettings;
using hisi::QueuePool;
using hisi::Work;

constexpr unsigned kQueues = 64;  // that an emulated device has
constexpr const char* kAlgorithms[] = {"zlib"};

// Holds every queue of the device, as much in pools as there may be.
class InheritedQueues : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
    PoolSettings settings;
    settings.calls = &devices_.calls();
    settings.family = "hisi_zip";
    settings.algorithms = kAlgorithms;
    settings.tag_word = [](unsigned version) noexcept {
      return hisi::zip::dialect_of(version).tag_word;
    };
    settings.max_queues = QueuePool::kMostQueues;
    settings.least_work_bytes = 0;
    while (pools_.size() < kQueues / QueuePool::kMostQueues)
      pools_.push_back(*QueuePool::create(settings));
    for (QueuePool* pool : pools_)
      for (unsigned i = 0; i < QueuePool::kMostQueues; ++i) {
        leases_.push_back(std::make_unique<QueuePool::Lease>(pool->lease(kWork)));
        ASSERT_TRUE(*leases_.back());
      }
    ASSERT_EQ(free_queues(), "0\n");
  }
  void TearDown() override { give_back(); }

  void give_back() {
    leases_.clear();
    for (QueuePool* pool : pools_) QueuePool::destroy(pool);
    pools_.clear();
  }
  // As the device's driver says.
  [[nodiscard]] std::string free_queues() const {
    return devices_.attribute("hisi_zip-0", "available_instances");
  }

  // What a child does that asks for nothing.
  static int sleep(const TalkLine& line) {
    line.say();
    return line.hear() ? 1 : 0;
  }

  static constexpr Work kWork{0, {}, 1};
  static constexpr auto kAll = "64\n";
  Emulated devices_{std::string("hisi_zip:api=") + GetParam()};
  std::vector<QueuePool*> pools_;
  std::vector<std::unique_ptr<QueuePool::Lease>> leases_;
};

INSTANTIATE_TEST_SUITE_P(Generations, InheritedQueues, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(InheritedQueues, AreFreeThoughAChildSleeps) {
  TalkingChild child(sleep);
  ASSERT_TRUE(child.hear());
  give_back();
  EXPECT_EQ(free_queues(), kAll);
  EXPECT_EQ(child.end(), 0);
}

TEST_P(InheritedQueues, AreFreeThoughAGrandchildSleeps) {
  TalkingChild child([](const TalkLine& line) {
    const pid_t grandchild = fork();
    if (grandchild == 0) return sleep(line);
    int status = 0;
    return waitpid(grandchild, &status, 0) == grandchild ? WEXITSTATUS(status) : 2;
  });
  ASSERT_TRUE(child.hear());
  give_back();
  EXPECT_EQ(free_queues(), kAll);
  EXPECT_EQ(child.end(), 0);
}

// No handler tells a child of the bare system call that it is one: it finds out when it asks for a
// queue. Until then its parent's are stopped, but not free.
TEST_P(InheritedQueues, AreFreeWhenAChildOfARawCloneAsks) {
  TalkingChild child(
      [this](const TalkLine& line) {
        if (!line.hear()) return 1;
        for (QueuePool* pool : pools_)
          if (pool->lease(kWork)) return 2;  // emulated devices are not there for it
        line.say();
        return line.hear() ? 3 : 0;
      },
      raw_fork);
  give_back();
  EXPECT_EQ(free_queues(), "0\n");
  child.say();
  ASSERT_TRUE(child.hear());
  EXPECT_EQ(free_queues(), kAll);
  EXPECT_EQ(child.end(), 0);
}

// Nor does the one who has queues notice anything of a child's closing them.
TEST_P(InheritedQueues, GoOnInTheParent) {
  TalkingChild child(sleep);
  ASSERT_TRUE(child.hear());
  for (const auto& lease : leases_) {
    EXPECT_TRUE(lease->queue().usable());
    EXPECT_FALSE(lease->queue().forked());
  }
  EXPECT_EQ(free_queues(), "0\n");
  EXPECT_EQ(child.end(), 0);
  EXPECT_EQ(free_queues(), "0\n");
}

// Says that it runs, and waits until nobody is at the other end.
constexpr auto kProgram = "/bin/sh";
constexpr auto kScript = "echo; read nothing; exit 0";

TEST_P(InheritedQueues, AreNotForAProgramThatIsExecuted) {
  TalkingChild child(
      [](const TalkLine& line) {
        dup2(line.hears(), 0);
        dup2(line.says(), 1);
        execl(kProgram, kProgram, "-c", kScript, nullptr);
        return 1;
      },
      raw_fork);
  ASSERT_TRUE(child.hear());
  give_back();
  EXPECT_EQ(free_queues(), kAll);
  EXPECT_EQ(child.end(), 0);
}

TEST_P(InheritedQueues, AreNotForAProgramThatIsSpawned) {
  int down[2], up[2];
  ASSERT_EQ(pipe2(down, O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(up, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, down[0], 0);
  posix_spawn_file_actions_adddup2(&actions, up[1], 1);
  char* const arguments[] = {const_cast<char*>(kProgram), const_cast<char*>("-c"),
                             const_cast<char*>(kScript), nullptr};
  pid_t child = -1;
  EXPECT_EQ(posix_spawn(&child, kProgram, &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_TRUE(TalkLine(up[0], down[1]).hear());
  give_back();
  EXPECT_EQ(free_queues(), kAll);
  for (const int fd : {down[0], down[1], up[0], up[1]}) close(fd);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
}

}  // namespace
}  // namespace wd::test
