#include "context/counters.hpp"

#include <sys/mman.h>

WD_NAMESPACE_BEGIN

Counters* Counters::create() noexcept {
  void* page =
      mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  // A child counts its own requests only. (A raw clone runs no atfork handler; the kernel's wiping
  // cannot be missed.)
  madvise(page, sizeof(Counters), MADV_WIPEONFORK);
  return static_cast<Counters*>(page);  // zero bytes are counters at zero
}

void Counters::destroy(Counters* counters) noexcept {
  if (counters != nullptr) munmap(counters, sizeof(Counters));
}

WD_NAMESPACE_END
