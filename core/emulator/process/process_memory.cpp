#include "process/process_memory.hpp"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wd::emulator {

ProcessMemory::ProcessMemory(bool kernel_copies)
    : process_(getpid()), kernel_copies_(kernel_copies) {}

bool ProcessMemory::read(std::uint64_t from, void* to, std::size_t bytes) noexcept {
  if (bytes == 0) return true;
  if (kernel_copies_.load(std::memory_order_relaxed) && copy(SYS_process_vm_readv, from, to, bytes))
    return true;
  if (kernel_copies_.load(std::memory_order_relaxed)) return false;
  std::memcpy(to, reinterpret_cast<const void*>(from), bytes);
  return true;
}

bool ProcessMemory::write(std::uint64_t to, const void* from, std::size_t bytes) noexcept {
  if (bytes == 0) return true;
  if (kernel_copies_.load(std::memory_order_relaxed) &&
      copy(SYS_process_vm_writev, to, const_cast<void*>(from), bytes))
    return true;
  if (kernel_copies_.load(std::memory_order_relaxed)) return false;
  std::memcpy(reinterpret_cast<void*>(to), from, bytes);
  return true;
}

// The call by its number: a sanitizer's wrapper would take an address that leads nowhere for a
// mistake of ours.
bool ProcessMemory::copy(long call, std::uint64_t there, void* here, std::size_t bytes) noexcept {
  while (bytes > 0) {
    const iovec local{here, bytes};
    const iovec remote{reinterpret_cast<void*>(there), bytes};
    const long copied = syscall(call, process_, &local, 1, &remote, 1, 0);
    if (copied <= 0) {
      if (copied < 0 && (errno == EPERM || errno == ENOSYS)) kernel_copies_ = false;
      return false;
    }
    here = static_cast<std::byte*>(here) + copied;
    there += static_cast<std::uint64_t>(copied);
    bytes -= static_cast<std::size_t>(copied);
  }
  return true;
}

}  // namespace wd::emulator
