// Who pays for a queue's memory: the memory cgroup of the process that opens it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "dummy/engine_process.hpp"
#include "fixtures/child.hpp"

namespace {

using wd::test::EngineProcess;

constexpr const char* kRoot = "/tmp/cgroup";
// So much at most do processors take in advance, and it counts as used.
constexpr long kInAdvance = 1 << 20;
constexpr const char* kOom = "oom_kill";

// A memory cgroup of its own, which a process can join.
class MemoryGroup {
 public:
  MemoryGroup() {
    mkdir(kRoot, 0755);
    usable_ = mount("none", kRoot, "cgroup2", 0, nullptr) == 0 &&
              write(std::string(kRoot) + "/cgroup.subtree_control", "+memory") &&
              mkdir(folder_.c_str(), 0755) == 0;
  }
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;
  ~MemoryGroup() {
    rmdir(folder_.c_str());
    umount2(kRoot, MNT_DETACH);
  }

  [[nodiscard]] bool usable() const { return usable_; }
  [[nodiscard]] bool join() const { return set("cgroup.procs", "0"); }
  [[nodiscard]] bool limit(long bytes) const { return set("memory.max", std::to_string(bytes)); }
  [[nodiscard]] long used() const {
    long bytes = -1;
    std::ifstream(folder_ + "/memory.current") >> bytes;
    return bytes;
  }
  // How often the kernel killed somebody in it.
  [[nodiscard]] long kills() const {
    std::ifstream events(folder_ + "/memory.events");
    long count = -1;
    for (std::string name; events >> name >> count;)
      if (name == kOom) return count;
    return -1;
  }

 private:
  static bool write(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text << std::flush;
    return file.good();
  }
  [[nodiscard]] bool set(const char* name, const std::string& text) const {
    return write(folder_ + "/" + name, text);
  }

  std::string folder_ = std::string(kRoot) + "/wd";
  bool usable_ = false;
};

// Opens until it is refused, or has so many.
std::vector<int> open_queues(const std::string& node, std::size_t most) {
  std::vector<int> queues;
  while (queues.size() < most) {
    const int fd = open(node.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) break;
    queues.push_back(fd);
  }
  return queues;
}

TEST(Charge, IsForTheMemoryOfAQueue) {
  constexpr std::size_t kQueues = 32;
  const EngineProcess process("hisi_zip");
  const MemoryGroup group;
  ASSERT_TRUE(group.usable());
  const std::string node = "/dev/" + process.names().at(0);
  const long expected = static_cast<long>(kQueues * process.device().dus_bytes);
  EXPECT_EQ(wd::test::in_child([&] {
              if (!group.join()) return 1;
              const long before = group.used();
              const std::vector<int> queues = open_queues(node, kQueues);
              const long more = group.used() - before;
              std::fprintf(stderr, "%zu queues of %zu bytes: %ld bytes more\n", queues.size(),
                           static_cast<std::size_t>(process.device().dus_bytes), more);
              if (queues.size() != kQueues) return 2;
              if (more < expected - kInAdvance) return 3;
              for (const int queue : queues) close(queue);
              return group.used() - before < expected / 2 ? 0 : 4;
            }),
            0);
}

// Who can do without an accelerator is told so, and not killed.
TEST(Charge, EndsWithTheGroupsLimit) {
  constexpr long kRoom = 2 << 20;
  const EngineProcess process("hisi_zip");
  const MemoryGroup group;
  ASSERT_TRUE(group.usable());
  const std::string node = "/dev/" + process.names().at(0);
  const std::size_t most =
      static_cast<std::size_t>(kRoom + kInAdvance) / process.device().dus_bytes;
  EXPECT_EQ(wd::test::in_child([&] {
              if (!group.join() || !group.limit(group.used() + kRoom)) return 1;
              const std::vector<int> queues = open_queues(node, 64);
              const int error = errno;
              std::fprintf(stderr, "%zu queues within %ld bytes\n", queues.size(), kRoom);
              if (queues.empty() || queues.size() > most) return 2;
              if (error != ENOMEM) return 3;
              // Room for one is room for one.
              close(queues.back());
              return open_queues(node, 1).size() == 1 ? 0 : 4;
            }),
            0);
  EXPECT_EQ(group.kills(), 0);
  // Others have their own.
  EXPECT_EQ(open_queues(node, 40).size(), 40u);
}

}  // namespace
