// Everything that one opening of the emulator made: its devices, and the files its caller has open.
//
// Threads: every function may be called from any. It lives until the process ends: device threads
// have nobody to tell them that it is over. A forked child has a copy that nothing in it touches.
#ifndef WD_EMULATOR_PROCESS_WORLD_HPP_
#define WD_EMULATOR_PROCESS_WORLD_HPP_

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "process/hosted_device.hpp"
#include "process/static_share.hpp"

namespace wd::emulator {

class World {
 public:
  static Result<std::unique_ptr<World>> make(std::string_view names);

  // False in a process forked from the one that made it.
  [[nodiscard]] bool is_ours() const noexcept {
    return owner_mark_->load(std::memory_order_relaxed) != 0;
  }

  // As system calls: what they answer, or a negative errno value.
  int open(std::string_view path);
  int close(int fd);
  long ioctl(int fd, unsigned long request, void* argument);
  void* map(int fd, std::size_t bytes, std::uint64_t offset, int* error);
  int unmap(void* address, std::size_t bytes);
  int poll(int fd, int timeout_milliseconds);
  void ring(volatile void* doorbell) noexcept;

  HostedDevice* find(std::string_view name);
  [[nodiscard]] const std::vector<std::unique_ptr<HostedDevice>>& devices() const {
    return devices_;
  }
  // Gives queues back whose last descriptor was closed behind our back.
  void settle_all();

 private:
  static constexpr std::size_t kRegions = 3;

  // A queue somebody has open: the file that descriptors, also inherited ones, and mappings keep
  // alive.
  struct File {
    File(HostedDevice& d, Queue& q) : device(d), queue(q) {}
    HostedDevice& device;
    Queue& queue;
    FileIdentity identity{};
    // The other end of what its owner has: tells when the last copy of that is closed.
    int peer = -1;
    FileIdentity peer_identity{};
    std::array<bool, kRegions> mapped{};
    std::array<bool, kRegions> was_mapped{};
    StaticShare share;
  };
  using FilePointer = std::shared_ptr<File>;

  World();

  FilePointer find(int fd);
  // Under the lock.
  bool is_closed(const File& file) const;
  void settle(const FilePointer& file);
  int check_mapping(const File& file, std::size_t region, std::size_t bytes) const;

  // A page that the kernel empties in a forked child.
  std::atomic<int>* owner_mark_;
  std::vector<std::unique_ptr<HostedDevice>> devices_;
  std::mutex lock_;
  std::vector<FilePointer> files_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_WORLD_HPP_
