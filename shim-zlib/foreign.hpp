// Streams that another zlib made and that reach us all the same: the system's libz calls its own
// exports through its PLT, which we interpose, and a program may mix two libraries. They go to
// their owner.
#ifndef WD_SHIM_FOREIGN_HPP_
#define WD_SHIM_FOREIGN_HPP_

#include <zlib.h>

#include <type_traits>

#include "abi.hpp"

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

// An exported function: `ours` for streams that are not foreign, else their owner's.
template <class Return, class... Parameters>
Return route(Return (*self)(z_streamp, Parameters...), const char* name, const void* caller,
             Return otherwise, Return (*ours)(z_streamp, Parameters...) noexcept, z_streamp stream,
             std::type_identity_t<Parameters>... arguments) noexcept {
  if (owner_of(stream) == Owner::foreign) [[unlikely]]
    return forward_foreign(self, name, caller, stream, otherwise, stream, arguments...);
  return ours(stream, arguments...);
}

}  // namespace wd::shim

// Whoever called the exported function that this stands in.
#define WD_CALLER __builtin_return_address(0)

#endif  // WD_SHIM_FOREIGN_HPP_
