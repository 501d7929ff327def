// Loads and stores that a device takes part in, and the order it sees them in. C++ atomics order
// CPUs among each other; a device is none of them.
//
// A mistake here does not show on x86 or under an emulator of another CPU, so the arm64 build's
// instructions are looked at by a test.
#ifndef WD_RING_DEVICE_ORDER_HPP_
#define WD_RING_DEVICE_ORDER_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace ring {

// The thread sanitizer knows no barriers, only orders; a model of a device in this process is a
// thread to it.
#if defined(__SANITIZE_THREAD__)
inline constexpr int kDeviceLoad = __ATOMIC_ACQUIRE;
inline constexpr int kDeviceStore = __ATOMIC_RELEASE;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr int kDeviceLoad = __ATOMIC_ACQUIRE;
inline constexpr int kDeviceStore = __ATOMIC_RELEASE;
#else
inline constexpr int kDeviceLoad = __ATOMIC_RELAXED;
inline constexpr int kDeviceStore = __ATOMIC_RELAXED;
#endif
#else
inline constexpr int kDeviceLoad = __ATOMIC_RELAXED;
inline constexpr int kDeviceStore = __ATOMIC_RELAXED;
#endif

// What was stored before is visible to devices before what is stored after.
inline void device_store_barrier() noexcept {
#if defined(__aarch64__)
  asm volatile("dmb oshst" ::: "memory");
#elif defined(__x86_64__) || defined(__i386__)
  // Stores leave an x86 in order; only the compiler must not move them.
  asm volatile("" ::: "memory");
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

// What is loaded after is no older than what was loaded before.
inline void device_load_barrier() noexcept {
#if defined(__aarch64__)
  asm volatile("dmb oshld" ::: "memory");
#elif defined(__x86_64__) || defined(__i386__)
  asm volatile("" ::: "memory");
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

// A word that the device writes, or one that it reads: one access of the word's size, neither torn
// nor repeated.
template <class Word>
[[nodiscard]] inline Word device_load(const void* shared_at) noexcept {
  return __atomic_load_n(static_cast<const volatile Word*>(shared_at), kDeviceLoad);
}
inline void device_store(volatile std::uint64_t* shared_at, std::uint64_t word) noexcept {
  __atomic_store_n(shared_at, word, kDeviceStore);
}

}  // namespace ring

WD_NAMESPACE_END

#endif  // WD_RING_DEVICE_ORDER_HPP_
