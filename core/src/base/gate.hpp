// A lock for moments: whoever meets it closed spins, then yields. Zero bytes are an open gate, so
// it may live in a WipedPage.
#ifndef WD_BASE_GATE_HPP_
#define WD_BASE_GATE_HPP_

#include <sched.h>

#include <atomic>
#include <cstdint>

#include "base/relax.hpp"

WD_NAMESPACE_BEGIN

class Gate {
 public:
  [[nodiscard]] bool try_enter() noexcept {
    // acquire: sees what the last one inside did before its leave().
    return word_.load(std::memory_order_relaxed) == 0 &&
           word_.exchange(1, std::memory_order_acquire) == 0;
  }
  void enter() noexcept {
    constexpr unsigned kSpins = 64;
    for (unsigned turn = 0; !try_enter(); ++turn) {
      if (turn < kSpins)
        relax();
      else
        sched_yield();
    }
  }
  // release: pairs with the acquire in try_enter().
  void leave() noexcept { word_.store(0, std::memory_order_release); }

 private:
  std::atomic<std::uint32_t> word_{0};
};

// Inside for a scope; without a gate, where the caller is alone anyway, it costs a test.
class Inside {
 public:
  explicit Inside(Gate* gate) noexcept : gate_(gate) {
    if (gate_ != nullptr) gate_->enter();
  }
  ~Inside() {
    if (gate_ != nullptr) gate_->leave();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  Gate* gate_;
};

WD_NAMESPACE_END

#endif  // WD_BASE_GATE_HPP_
