// Streams that another zlib made and that reach us all the same: the system's libz calls its own
// exports through its PLT, which we interpose, and a program may mix two libraries. They go to their
// owner.
#ifndef WD_SHIM_FOREIGN_HPP_
#define WD_SHIM_FOREIGN_HPP_

#include <zlib.h>

namespace wd::shim {

// The function `name` of the library that contains `caller`, else of the next library that has one;
// null if there is none but ours (`self`).
void* next_definition(const char* name, const void* caller, const void* self) noexcept;

// Calls the owner's `self`, found as above; `otherwise` where nobody else has it.
template <class Return, class... Parameters, class... Arguments>
Return forward_foreign(Return (*self)(Parameters...), const char* name, const void* caller,
                       Return otherwise, Arguments... arguments) noexcept {
  void* next = next_definition(name, caller, reinterpret_cast<const void*>(self));
  if (next == nullptr) return otherwise;
  return reinterpret_cast<Return (*)(Parameters...)>(next)(arguments...);
}

}  // namespace wd::shim

#endif  // WD_SHIM_FOREIGN_HPP_
