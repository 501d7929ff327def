#include "model/uneven_barrier.hpp"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace wd::emulator {

void UnevenBarrier::prepare() noexcept {
  // Asked for once more than is needed: a kernel may let a process register and then refuse.
  by_kernel_.store(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 &&
                       syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0,
                   std::memory_order_relaxed);
}

void UnevenBarrier::rare_side() noexcept {
  full();
  if (by_kernel_.load(std::memory_order_relaxed))
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

}  // namespace wd::emulator
