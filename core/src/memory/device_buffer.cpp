#include "memory/device_buffer.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

// A wish, not a demand: without NUMA, without the call or without the node nothing changes.
void prefer_node(void* at, std::size_t bytes, int node) noexcept {
  constexpr int kPreferred = 1;  // MPOL_PREFERRED
  constexpr int kBits = 8 * sizeof(unsigned long);
  if (node < 0 || node >= kBits) return;
  const unsigned long mask = 1UL << node;
  syscall(SYS_mbind, at, bytes, kPreferred, &mask, kBits + 1, 0);
}

}  // namespace

Result<DeviceBuffer> DeviceBuffer::create(std::size_t bytes, int numa_node,
                                          InChild child) noexcept {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const int saved = errno;
  const std::size_t rounded = (bytes + page - 1) / page * page;
  if (bytes == 0 || rounded < bytes)
    return Error{Errc::invalid_argument, 0, "no size for a buffer"};
  void* at = mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) {
    errno = saved;
    return Error{Errc::no_memory, ENOMEM, "no memory for a device"};
  }
  if (child == InChild::zeros) madvise(at, rounded, MADV_WIPEONFORK);
  if (rounded >= kHugePage) madvise(at, rounded, MADV_HUGEPAGE);
  prefer_node(at, rounded, numa_node);
  errno = saved;
  return DeviceBuffer(static_cast<std::byte*>(at), rounded);
}

DeviceBuffer::~DeviceBuffer() {
  if (data_ == nullptr) return;
  // Pages given back to the kernel are cleared before anybody else has them.
  munmap(data_, bytes_);
}

WD_NAMESPACE_END
