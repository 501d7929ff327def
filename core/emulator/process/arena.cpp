#include "process/arena.hpp"

#include <sys/mman.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace wd::emulator {
namespace {

// Hidden, and never there in a child.
std::byte* map(std::size_t bytes, int protection, int flags, int fd) {
  void* const at = mmap(nullptr, bytes, protection, flags, fd, 0);
  if (at == MAP_FAILED) return nullptr;
  madvise(at, bytes, MADV_DONTFORK);
  return static_cast<std::byte*>(at);
}

}  // namespace

Result<Arena> Arena::make(unsigned queues, std::size_t register_bytes, std::size_t shared_bytes) {
  const Error failed{Errc::no_memory, ENOMEM, "no memory for the queues"};
  const std::size_t all_shared = queues * shared_bytes;
  const std::size_t all_registers = queues * register_bytes;
  // Two views of the same pages: what the owner unmaps, the device still has.
  const UniqueFd pages(memfd_create("wd-emulator", MFD_CLOEXEC));
  if (!pages || ftruncate(pages.get(), static_cast<off_t>(all_shared)) != 0) return failed;
  Arena arena;
  arena.device_view_ = map(all_shared, PROT_READ | PROT_WRITE, MAP_SHARED, pages.get());
  std::byte* const shared = map(all_shared, PROT_NONE, MAP_SHARED, pages.get());
  std::byte* const registers =
      map(all_registers, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (arena.device_view_ == nullptr || shared == nullptr || registers == nullptr) return failed;
  arena.shared_ = Stretch(shared, shared_bytes, queues);
  arena.registers_ = Stretch(registers, register_bytes, queues);
  return arena;
}

bool Arena::show(unsigned queue, Region region) {
  const Stretch& all = stretch(region);
  return mprotect(all.of(queue), all.bytes_each(), PROT_READ | PROT_WRITE) == 0;
}

void Arena::hide(unsigned queue, Region region) {
  const Stretch& all = stretch(region);
  mprotect(all.of(queue), all.bytes_each(), PROT_NONE);
}

void Arena::break_all(unsigned queues) {
  // A file without a byte: every access is behind its end.
  const UniqueFd nothing(memfd_create("wd-emulator-removed", MFD_CLOEXEC));
  if (!nothing) return;
  for (const Stretch& all : {registers_, shared_}) {
    mmap(all.of(0), queues * all.bytes_each(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
         nothing.get(), 0);
    madvise(all.of(0), queues * all.bytes_each(), MADV_DONTFORK);
  }
}

}  // namespace wd::emulator
