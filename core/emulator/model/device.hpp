// A device: its queues, and what happens to all of them at once.
//
// Threads: everything may be called from any. The model does not know where memory is, how
// doorbells arrive or how its users are woken: that is its host's.
#ifndef WD_EMULATOR_MODEL_DEVICE_HPP_
#define WD_EMULATOR_MODEL_DEVICE_HPP_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "model/device_thread.hpp"
#include "model/doorbell.hpp"
#include "model/fault_plan.hpp"
#include "model/queue.hpp"
#include "options.hpp"

namespace wd::emulator {

// What runs a device model and carries its words to its users.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  // The caller's memory, for the request in this slot. Good until the next call for the queue.
  virtual ClientMemory& memory(unsigned queue, std::uint32_t slot) noexcept = 0;
  // The request's descriptor, copied once from `shared_slot`: its owner can write to it at any
  // time. False if there is none any more.
  virtual bool fetch(unsigned queue, std::uint32_t slot, const std::byte* shared_slot,
                     Descriptor& request) noexcept;
  // A completion is about to say that the request has ended.
  virtual void ended(unsigned /*queue*/, std::uint32_t /*slot*/) noexcept {}
  // Whether an address that leads nowhere takes the whole device down, as silicon does, or ends its
  // request: devices that several processes use would be at the mercy of each.
  [[nodiscard]] virtual bool address_errors_reset() const noexcept { return true; }
  // Wakes whoever waits for this queue.
  virtual void interrupt(unsigned queue) noexcept = 0;
  virtual void removed() noexcept = 0;
};

class Device {
 public:
  // `memory` holds the memory of all queues, one after the other.
  Device(const DeviceOptions& options, const QueueLayout& layout, std::byte* memory, Host& host);

  [[nodiscard]] const DeviceOptions& options() const { return options_; }

  // A queue in its initial state; EBUSY if there is none, EPERM during a reset, ENODEV.
  Result<Queue*> open();
  // This one, where somebody else has chosen.
  Result<Queue*> open(unsigned number);
  // Threads are started with the first queue.
  bool start(Queue& queue);
  void ring(Doorbell doorbell) noexcept;

  void reset(bool drained) noexcept;
  void fail_queue(unsigned number, bool drained) noexcept;
  void remove() noexcept;
  // An address that leads nowhere: an error of the class that resets the device.
  void address_error() noexcept;
  // As errors of the bus are counted: enough of them in an hour isolate the device.
  void count_error() noexcept;

  [[nodiscard]] bool is_removed() const { return removed_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_resetting() const;
  [[nodiscard]] bool is_isolated() const { return isolated_.load(std::memory_order_relaxed); }
  [[nodiscard]] unsigned isolate_strategy() const { return isolate_strategy_; }
  bool set_isolate_strategy(unsigned threshold);
  [[nodiscard]] unsigned free_queues() const;

  FaultPlan& faults() { return faults_; }
  void set_delay(std::chrono::milliseconds delay) { delay_ = delay; }

  [[nodiscard]] std::uint64_t requests() const { return requests_.load(); }
  [[nodiscard]] std::uint64_t completions() const { return completions_.load(); }
  [[nodiscard]] std::uint64_t interrupts() const { return interrupts_.load(); }
  [[nodiscard]] std::uint64_t resets() const { return resets_.load(); }
  [[nodiscard]] std::uint64_t sleeps() const;
  [[nodiscard]] unsigned threads_asleep() const;

  // --- for queues and device threads ---

  Host& host() noexcept { return host_; }
  std::unique_ptr<Engine> make_engine() const;
  Fault next_fault() noexcept { return faults_.next_request(); }
  [[nodiscard]] std::chrono::milliseconds delay() const { return delay_; }
  void interrupt(unsigned queue) noexcept;
  void count_request() noexcept { requests_.fetch_add(1, std::memory_order_relaxed); }
  void count_completion() noexcept { completions_.fetch_add(1, std::memory_order_relaxed); }
  // The queues of one thread.
  bool serve(unsigned thread);
  [[nodiscard]] bool has_work(unsigned thread) const noexcept;
  [[nodiscard]] Clock::time_point next_due(unsigned thread) const noexcept;

 private:
  [[nodiscard]] Result<void> may_open();
  bool hand_out(Queue& queue);
  void fail_all(bool drained) noexcept;
  void wake_all() noexcept;

  const DeviceOptions options_;
  Host& host_;
  FaultPlan faults_;
  std::deque<Queue> queues_;  // a Queue cannot be moved
  // No queue from here on has ever been handed out.
  std::atomic<unsigned> used_queues_{0};

  std::atomic<bool> removed_{false};
  std::atomic<bool> isolated_{false};
  std::atomic<Clock::rep> reset_until_;
  std::atomic<std::chrono::milliseconds> delay_;
  std::atomic<unsigned> isolate_strategy_;
  std::mutex errors_lock_;
  std::vector<Clock::time_point> errors_;

  // Written with each request: away from what doorbells look at.
  alignas(64) std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> completions_{0};
  std::atomic<std::uint64_t> interrupts_{0};
  std::atomic<std::uint64_t> resets_{0};

  alignas(64) std::once_flag threads_started_;
  std::deque<DeviceThread> threads_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_DEVICE_HPP_
