// A thread of a device: serves its queues while there is work, looks for more for a short while,
// then sleeps until a doorbell wakes it. It blocks all signals: they are the process's own.
// It ends with the process.
#ifndef WD_EMULATOR_MODEL_DEVICE_THREAD_HPP_
#define WD_EMULATOR_MODEL_DEVICE_THREAD_HPP_

#include <atomic>
#include <cstdint>

#include "model/uneven_barrier.hpp"

namespace wd::emulator {

class Device;

class DeviceThread {
 public:
  DeviceThread(Device& device, unsigned number) : device_(device), number_(number) {}
  DeviceThread(const DeviceThread&) = delete;
  DeviceThread& operator=(const DeviceThread&) = delete;

  // False if the machine gives no thread.
  bool start();

  // Work has been left where serve() finds it. No system call while the thread is awake.
  void wake() noexcept {
    // First the work is left, then it is asked who sleeps: see sleep().
    UnevenBarrier::frequent_side();
    if (asleep_.load(std::memory_order_relaxed) != 0) wake_sleeper();
  }

  [[nodiscard]] bool is_asleep() const { return asleep_.load(std::memory_order_relaxed) != 0; }
  [[nodiscard]] std::uint64_t sleeps() const { return sleeps_.load(std::memory_order_relaxed); }

 private:
  static void* main(void* self);
  [[noreturn]] void run();
  void sleep();
  void wake_sleeper() noexcept;

  Device& device_;
  const unsigned number_;
  alignas(64) std::atomic<std::uint32_t> asleep_{0};
  std::atomic<std::uint64_t> sleeps_{0};
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_DEVICE_THREAD_HPP_
