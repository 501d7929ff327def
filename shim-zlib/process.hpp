// The one Context of this process. zlib's ABI has no argument to carry one, so it lives here: the
// shim's only mutable object at namespace scope.
#ifndef WD_SHIM_PROCESS_HPP_
#define WD_SHIM_PROCESS_HPP_

#include <atomic>

#include "wd/context.hpp"

namespace wd::shim {

// Null until the first call.
extern constinit std::atomic<Context*> published_context;

const Context& make_process_context() noexcept;

// Made at the first call, from whatever thread or constructor that comes; lives until the process
// ends.
inline const Context& process_context() noexcept {
  // acquire: pairs with the publishing compare-and-exchange, which made a whole Context visible.
  if (const Context* made = published_context.load(std::memory_order_acquire)) [[likely]]
    return *made;
  return make_process_context();
}

// Set once the environment has been seen not to ask for statistics.
extern constinit std::atomic<bool> nobody_asks_for_statistics;
const Context* context_if_asked_for() noexcept;

// For functions that do no more than compute: the Context if there is one, or if the environment
// asks for something. They make no system call otherwise, not even their first call in a sandbox.
inline const Context* context_of_checksums() noexcept {
  if (const Context* made = published_context.load(std::memory_order_acquire)) [[likely]]
    return made;
  if (nobody_asks_for_statistics.load(std::memory_order_relaxed)) [[likely]]
    return nullptr;
  return context_if_asked_for();
}

// False where context_of_checksums() is certain to lead to nothing that counts.
inline bool checksums_may_count() noexcept {
  // acquire: as in process_context().
  if (const Context* made = published_context.load(std::memory_order_acquire))
    return made->counters() != nullptr;
  return !nobody_asks_for_statistics.load(std::memory_order_relaxed);
}

}  // namespace wd::shim

#endif  // WD_SHIM_PROCESS_HPP_
