#include "wd/allocator.hpp"

#include <cstddef>
#include <cstdlib>

WD_NAMESPACE_BEGIN

namespace {

void* take_from_heap(void*, unsigned items, unsigned item_bytes) {
  return std::malloc(std::size_t{items} * item_bytes);
}

void give_back_to_heap(void*, void* address) {
  std::free(address);
}

}  // namespace

Allocator Allocator::standard() noexcept {
  return {take_from_heap, give_back_to_heap, nullptr};
}

WD_NAMESPACE_END
