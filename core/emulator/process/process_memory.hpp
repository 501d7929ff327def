// The memory of the process that the models run in, by its own addresses. The kernel copies, so
// that an address that leads nowhere is an answer; where it refuses to (sandboxes, emulators of
// other machines), memory is accessed directly, and such an address is a crash.
#ifndef WD_EMULATOR_PROCESS_PROCESS_MEMORY_HPP_
#define WD_EMULATOR_PROCESS_PROCESS_MEMORY_HPP_

#include <sys/types.h>

#include <atomic>

#include "model/client_memory.hpp"

namespace wd::emulator {

class ProcessMemory final : public ClientMemory {
 public:
  explicit ProcessMemory(bool kernel_copies = true);

  bool read(std::uint64_t from, void* to, std::size_t bytes) noexcept override;
  bool write(std::uint64_t to, const void* from, std::size_t bytes) noexcept override;

 private:
  bool copy(long call, std::uint64_t there, void* here, std::size_t bytes) noexcept;

  const pid_t process_;
  std::atomic<bool> kernel_copies_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_PROCESS_MEMORY_HPP_
