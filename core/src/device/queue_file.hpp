// One queue of a uacce device as the kernel hands it out: an open file with its two regions.
//
// opened -> started -> stopped -> closed, forward only. A queue that was stopped is never started
// again: its completion memory is not cleared then, and old entries would look new.
//
// Threads: one at a time, but for poll(), which may wait beside them. Fork: in a child, nothing but
// disown() may be called.
#ifndef WD_DEVICE_QUEUE_FILE_HPP_
#define WD_DEVICE_QUEUE_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "device/device_info.hpp"
#include "device/roots.hpp"
#include "device/system_calls.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// Which kind of work a queue is for, in the kernel's numbers.
enum class QueueKind : std::uint16_t {};

class QueueFile {
 public:
  struct Region {
    std::byte* shared_at = nullptr;
    std::size_t bytes = 0;
  };
  // What the kernel said about the rings. Not checked against the regions: who lays them out does.
  struct Rings {
    std::uint32_t descriptor_bytes = 0;
    std::uint32_t submission_slots = 0;
    std::uint32_t completion_slots = 0;
    std::uint16_t number = 0;  // of the queue within its function
  };

  // Opens, maps and configures; the queue does not run yet. `descriptor_bytes` is what the driver
  // writes: kernels that cannot say are taken to agree, with rings of 1024 slots.
  // io with sys_errno: EBUSY no free queue, EPERM the device is being reset, ENODEV or EINVAL it is
  // gone, EACCES nobody let us.
  static Result<QueueFile> open(const SystemCalls& calls, const Roots& roots,
                                const DeviceInfo& device, QueueKind kind,
                                std::uint32_t descriptor_bytes) noexcept;

  QueueFile(QueueFile&& other) noexcept;
  QueueFile(const QueueFile&) = delete;
  QueueFile& operator=(const QueueFile&) = delete;
  QueueFile& operator=(QueueFile&&) = delete;
  ~QueueFile() { close(); }

  [[nodiscard]] const Region& mmio() const noexcept { return mmio_; }
  [[nodiscard]] const Region& dus() const noexcept { return dus_; }
  [[nodiscard]] const Rings& rings() const noexcept { return rings_; }
  [[nodiscard]] const SystemCalls& calls() const noexcept { return *calls_; }

  Result<void> start() noexcept;
  // Drains: when it returns, the device does nothing more for this queue. May block.
  void stop() noexcept;
  // stop(), unmap, close. Idempotent.
  void close() noexcept;
  // In a forked child: closes the inherited descriptor, which would keep the queue from its owner's
  // successor. The regions are not there in a child, and what is at their addresses is not ours.
  void disown() noexcept;

  // 1 something may have completed, 0 timeout, or -errno; -ESTALE if the descriptor is not ours any
  // more.
  int poll(int timeout_milliseconds) noexcept;
  // Somebody has closed our descriptor; its number may mean anything now.
  [[nodiscard]] bool stolen() const noexcept;

  // For the region that only kernels for devices without shared addresses have. The caller unmaps
  // with calls().
  Result<Region> map_static_share(std::size_t bytes) noexcept;
  Result<long> control(unsigned long request, void* argument) noexcept;

 private:
  QueueFile(const SystemCalls& calls, int fd) noexcept : calls_(&calls), fd_(fd) {}
  Result<void> map_regions(const DeviceInfo& device) noexcept;
  Result<Region> map(unsigned region, std::uint64_t bytes) noexcept;
  Result<void> configure(QueueKind kind, std::uint32_t descriptor_bytes) noexcept;
  void unmap(Region& region) noexcept;

  const SystemCalls* calls_;
  int fd_;
  bool started_ = false;
  FileIdentity identity_{};
  Region dus_;
  Region mmio_;
  Rings rings_;
};

WD_NAMESPACE_END

#endif  // WD_DEVICE_QUEUE_FILE_HPP_
