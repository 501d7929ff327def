// Streams that another zlib made and that reach us all the same: the system's libz calls its own
// exports through its PLT, which we interpose, and a program may mix two libraries. They go to
// their owner.
#ifndef WD_SHIM_FOREIGN_HPP_
#define WD_SHIM_FOREIGN_HPP_

#include <zlib.h>

namespace wd::shim {

// The function `name` of the library that contains `hint` (which may be null), of the one that
// contains `caller` or that it depends on, else of the next library that has one; null if there is
// none but ours (`self`).
void* next_definition(const char* name, const void* hint, const void* caller,
                      const void* self) noexcept;

template <class Function>
Function* next_function(Function* self, const char* name, const void* caller,
                        const void* hint = nullptr) noexcept {
  return reinterpret_cast<Function*>(
      next_definition(name, hint, caller, reinterpret_cast<const void*>(self)));
}

// Calls the `self` of the stream's owner, found as above; `otherwise` where nobody else has it. A
// zlib that was given no allocator has put one of its own into the stream, which tells who it is.
template <class Return, class... Parameters, class... Arguments>
Return forward_foreign(Return (*self)(Parameters...), const char* name, const void* caller,
                       const z_stream* stream, Return otherwise, Arguments... arguments) noexcept {
  auto* owner = next_function(self, name, caller, reinterpret_cast<const void*>(stream->zalloc));
  return owner == nullptr ? otherwise : owner(arguments...);
}

}  // namespace wd::shim

#endif  // WD_SHIM_FOREIGN_HPP_
