// Memory of ours that a device works in: whole pages, on the device's NUMA node where the kernel
// lets us, in huge pages where there are any.
#ifndef WD_MEMORY_DEVICE_BUFFER_HPP_
#define WD_MEMORY_DEVICE_BUFFER_HPP_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// What a forked child finds in it. Either way the parent's device goes on working in the parent's
// pages.
enum class InChild : std::uint8_t {
  zeros,  // for what is of no use to a child
  copy,   // for what a stream goes on from
};

class DeviceBuffer {
 public:
  // All zero. `numa_node` -1: wherever.
  static Result<DeviceBuffer> create(std::size_t bytes, int numa_node, InChild child) noexcept;

  DeviceBuffer() noexcept = default;
  DeviceBuffer(DeviceBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  DeviceBuffer(const DeviceBuffer&) = delete;
  DeviceBuffer& operator=(const DeviceBuffer&) = delete;
  // Wiped, too: what passed through a device is somebody's data.
  ~DeviceBuffer();

  explicit operator bool() const noexcept { return data_ != nullptr; }
  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  DeviceBuffer(std::byte* data, std::size_t bytes) noexcept : data_(data), bytes_(bytes) {}

  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_MEMORY_DEVICE_BUFFER_HPP_
