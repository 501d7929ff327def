// Memory for devices that do not share our addresses: a region that the kernel allots to a queue,
// with the addresses that the device knows it by, cut into blocks that requests are copied through.
// Only vendor kernels have such regions.
//
// Threading: take() and give_back() from any thread. Ownership: holds the region; blocks are
// borrowed and go back before it ends. Blocks are wiped: what passed through is somebody's data.
#ifndef WD_MEMORY_STATIC_SHARE_HPP_
#define WD_MEMORY_STATIC_SHARE_HPP_

#include <cstddef>
#include <cstdint>

#include "base/gate.hpp"
#include "device/queue_file.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

class StaticShare {
 public:
  static constexpr std::size_t kUnitBytes = 65536;  // that slices and blocks come in

  struct Block {
    std::byte* at = nullptr;
    std::uint64_t device_address = 0;
    std::size_t bytes = 0;

    explicit operator bool() const noexcept { return at != nullptr; }
  };

  // Of a queue that is started. io if the kernel has no such thing or says what cannot be.
  static Result<StaticShare*> create(QueueFile& queue, std::size_t bytes) noexcept;
  // After the queue was stopped. In a forked child the region is not there, and nothing is done.
  static void destroy(StaticShare* share, bool forked) noexcept;
  StaticShare(const StaticShare&) = delete;
  StaticShare& operator=(const StaticShare&) = delete;

  // The largest block that there can be, while none is taken.
  [[nodiscard]] std::size_t longest_block_bytes() const noexcept { return longest_block_bytes_; }
  // A block that the device sees in one piece; none if there is no room for it now.
  [[nodiscard]] Block take(std::size_t bytes) noexcept;
  void give_back(const Block& block) noexcept;

 private:
  static constexpr std::size_t kMostUnits = 1024;

  StaticShare(const SystemCalls& calls, const QueueFile::Region& region) noexcept
      : calls_(calls), region_(region) {}
  Result<void> learn_addresses(QueueFile& queue) noexcept;
  [[nodiscard]] bool joined(std::size_t first, std::size_t units) const noexcept;

  const SystemCalls& calls_;
  const QueueFile::Region region_;
  Gate gate_;
  std::size_t units_ = 0;
  std::size_t longest_block_bytes_ = 0;
  std::uint64_t device_address_[kMostUnits];  // of each unit
  bool taken_[kMostUnits] = {};
};

WD_NAMESPACE_END

#endif  // WD_MEMORY_STATIC_SHARE_HPP_
