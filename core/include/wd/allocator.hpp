// Where a stream takes its memory from: the pair of functions that zlib's z_stream carries.
//
// Threading: as thread-safe as the functions are. A null return of `allocate` means no memory.
// Memory need not be cleared. `release` may do nothing (arenas).
#ifndef WD_ALLOCATOR_HPP_
#define WD_ALLOCATOR_HPP_

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

struct Allocator {
  void* (*allocate)(void* opaque, unsigned items, unsigned item_bytes);
  void (*release)(void* opaque, void* address);
  void* opaque;

  [[nodiscard]] void* take(unsigned items, unsigned item_bytes) const noexcept {
    return allocate(opaque, items, item_bytes);
  }
  void give_back(void* address) const noexcept {
    if (address != nullptr) release(opaque, address);
  }
  // malloc and free.
  WD_API static Allocator standard() noexcept;
};

WD_NAMESPACE_END

#endif  // WD_ALLOCATOR_HPP_
