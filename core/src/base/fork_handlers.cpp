#include "base/fork_handlers.hpp"

#include <pthread.h>

#include <atomic>

WD_NAMESPACE_BEGIN

namespace {

// Seats instead of a list, which could be found half-changed. libc's handlers take no argument, so
// that this has to lie in the open.
struct Seat {
  std::atomic<void*> user;
  std::atomic<ForkHandlers::Handler> handler;
};
constinit Seat seats[64];
constinit std::atomic<bool> known_to_libc{false};

void call_all() {
  for (Seat& seat : seats) {
    // acquire: pairs with add(). The handler is there, and what the user was made of.
    const ForkHandlers::Handler handler = seat.handler.load(std::memory_order_acquire);
    if (handler != nullptr) handler(seat.user.load(std::memory_order_relaxed));
  }
}

}  // namespace

bool ForkHandlers::add(Handler handler, void* user) noexcept {
  // libc forgets its handler when this library is unloaded.
  if (!known_to_libc.exchange(true, std::memory_order_relaxed) &&
      pthread_atfork(nullptr, nullptr, call_all) != 0) {
    known_to_libc.store(false, std::memory_order_relaxed);
    return false;
  }
  for (Seat& seat : seats) {
    void* nobody = nullptr;
    if (!seat.user.compare_exchange_strong(nobody, user, std::memory_order_relaxed)) continue;
    seat.handler.store(handler, std::memory_order_release);
    return true;
  }
  return false;
}

void ForkHandlers::remove(void* user) noexcept {
  for (Seat& seat : seats) {
    if (seat.user.load(std::memory_order_relaxed) != user) continue;
    seat.handler.store(nullptr, std::memory_order_relaxed);
    // release: the next one to sit here finds no handler.
    seat.user.store(nullptr, std::memory_order_release);
    return;
  }
}

WD_NAMESPACE_END
