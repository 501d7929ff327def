// Calls those who ask for it in a forked child, before fork() returns there. For giving things
// back early: what is made by the bare system call runs no handlers, so this is no way to find out
// about a fork (WipedPage is).
//
// A handler runs in the child's only thread, which may be in the middle of anything, and finds
// memory as the parent's other threads left it: no lock, no allocation.
//
// Threading: any. Ownership: whoever adds a handler removes it before `user` goes; none is called
// any more when this library is unloaded.
#ifndef WD_BASE_FORK_HANDLERS_HPP_
#define WD_BASE_FORK_HANDLERS_HPP_

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

class ForkHandlers {
 public:
  using Handler = void (*)(void* user) noexcept;

  // False where there are too many already: `handler` will not be called.
  static bool add(Handler handler, void* user) noexcept;
  // Nothing if it was not added.
  static void remove(void* user) noexcept;
};

WD_NAMESPACE_END

#endif  // WD_BASE_FORK_HANDLERS_HPP_
