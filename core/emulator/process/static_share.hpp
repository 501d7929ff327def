// Memory for devices that do not share their user's addresses: allocated by the kernel, mapped by
// the user, and addressed by the device with numbers of its own (region type 2).
#ifndef WD_EMULATOR_PROCESS_STATIC_SHARE_HPP_
#define WD_EMULATOR_PROCESS_STATIC_SHARE_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "process/process_memory.hpp"

namespace wd::emulator {

struct Slice {
  std::uint64_t device_address;
  std::byte* memory;
  std::size_t bytes;
};

// What a device reaches: the slices of all its users, and nothing else.
class SliceMemory final : public ClientMemory {
 public:
  bool read(std::uint64_t from, void* to, std::size_t bytes) noexcept override;
  bool write(std::uint64_t to, const void* from, std::size_t bytes) noexcept override;

  // Gives it an address of the device's. Null for none.
  Slice add(std::byte* memory, std::size_t bytes);
  void remove(const Slice& slice);

 private:
  std::byte* place_of(std::uint64_t address, std::size_t bytes);

  ProcessMemory process_;
  std::mutex lock_;
  std::uint64_t next_address_ = 0x1'0000'0000;
  std::vector<Slice> slices_;
};

// What one queue has mapped.
class StaticShare {
 public:
  StaticShare() = default;
  StaticShare(const StaticShare&) = delete;
  StaticShare& operator=(const StaticShare&) = delete;

  void* map(SliceMemory& device, std::size_t bytes);
  void unmap(SliceMemory& device);
  [[nodiscard]] bool is_at(const void* address, std::size_t bytes) const {
    return memory_ != nullptr && memory_ == address && bytes == bytes_;
  }

  // GET_SS_DMA: in, the slice's number; out, where the device sees it and how large it is. How many
  // slices follow, or a negative errno value.
  long describe(std::uint64_t& slice) const;

 private:
  std::byte* memory_ = nullptr;
  std::size_t bytes_ = 0;
  std::vector<Slice> slices_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_STATIC_SHARE_HPP_
