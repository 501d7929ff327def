// A store that has to come before a load, on two sides of which one does it with every request and
// the other hardly ever: whoever stores first and then looks must not miss what the other side
// stored before it looked.
//
// The frequent side would pay for it with the time until all its stores have reached the other
// core, which is more than everything else that a doorbell does. So the rare side has the kernel
// make all threads of the process pass a barrier (membarrier), and the frequent one only keeps the
// compiler from moving anything. Where the kernel does not do that, both pass one of their own.
#ifndef WD_EMULATOR_MODEL_UNEVEN_BARRIER_HPP_
#define WD_EMULATOR_MODEL_UNEVEN_BARRIER_HPP_

#include <atomic>

namespace wd::emulator {

class UnevenBarrier {
 public:
  // Before threads meet at it, in each process.
  static void prepare() noexcept;

  static void frequent_side() noexcept {
    if (by_kernel_.load(std::memory_order_relaxed)) [[likely]] {
      asm volatile("" ::: "memory");
    } else {
      full();
    }
  }
  static void rare_side() noexcept;

 private:
  static void full() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    asm volatile("mfence" ::: "memory");
#elif defined(__aarch64__)
    asm volatile("dmb ish" ::: "memory");
#else
    __sync_synchronize();
#endif
  }

  static inline std::atomic<bool> by_kernel_{false};
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_UNEVEN_BARRIER_HPP_
