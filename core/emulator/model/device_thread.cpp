#include "model/device_thread.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>

#include "model/device.hpp"

namespace wd::emulator {
namespace {

// Looks without finding anything, before the thread sleeps: some 50 microseconds.
constexpr int kLooksBeforeSleep = 1000;

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// On one CPU nobody can leave work while this thread looks for it.
int looks_before_sleep() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) == 1) return 1;
  return kLooksBeforeSleep;
}

void futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* timeout) noexcept {
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation | FUTEX_PRIVATE_FLAG, value,
          timeout, nullptr, 0);
}

}  // namespace

bool DeviceThread::start() {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  sigset_t all;
  sigfillset(&all);
  pthread_attr_setsigmask_np(&attributes, &all);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, &DeviceThread::main, this);
  pthread_attr_destroy(&attributes);
  return failed == 0;
}

void* DeviceThread::main(void* self) {
  pthread_setname_np(pthread_self(), "wd-emulator");
  static_cast<DeviceThread*>(self)->run();
}

void DeviceThread::run() {
  const int looks = looks_before_sleep();
  int idle = 0;
  for (;;) {
    if (device_.serve(number_)) {
      idle = 0;
    } else if (++idle < looks) {
      relax();
    } else {
      sleep();
      idle = 0;
    }
  }
}

void DeviceThread::sleep() {
  // First this thread says that it sleeps and then looks for work; first work is left and then
  // wake() asks who sleeps. So one of the two sees the other's.
  // Counted before: whoever sees it asleep sees that counted.
  sleeps_.fetch_add(1, std::memory_order_relaxed);
  asleep_.store(1, std::memory_order_seq_cst);
  UnevenBarrier::rare_side();
  const Clock::time_point due = device_.next_due(number_);
  if (!device_.has_work(number_)) {
    timespec timeout{};
    const bool waits_for_time = due < Clock::time_point::max();
    if (waits_for_time) {
      const auto left = std::max(due - Clock::now(), Clock::duration::zero());
      const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
      timeout.tv_sec = static_cast<time_t>(seconds.count());
      timeout.tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - seconds).count());
    }
    futex(asleep_, FUTEX_WAIT, 1, waits_for_time ? &timeout : nullptr);
  }
  asleep_.store(0, std::memory_order_relaxed);
}

void DeviceThread::wake_sleeper() noexcept {
  if (asleep_.exchange(0, std::memory_order_acq_rel) != 0) futex(asleep_, FUTEX_WAKE, 1, nullptr);
}

}  // namespace wd::emulator
