// One queue pair of a device: rings, doorbells, interrupt, and the life of the queue.
//
//   free --hand_out--> initial --start--> started --stop--> initial | dead --take_back--> free
//
// Threads: doorbells from any, without a lock. One device thread serves a queue; everything else
// may come from any thread, too. Nothing here knows how doorbells arrive or where memory is.
#ifndef WD_EMULATOR_MODEL_QUEUE_HPP_
#define WD_EMULATOR_MODEL_QUEUE_HPP_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "model/client_memory.hpp"
#include "model/engine.hpp"
#include "model/queue_layout.hpp"

namespace wd::emulator {

class Device;

using Clock = std::chrono::steady_clock;

enum class QueueState : std::uint8_t { free, initial, started, dead };

class Queue {
 public:
  // `memory` holds layout.total_bytes(), and lives as long as the queue.
  Queue(Device& device, unsigned number, const QueueLayout& layout, std::byte* memory);

  [[nodiscard]] unsigned number() const { return number_; }
  [[nodiscard]] QueueState state() const { return state_.load(std::memory_order_acquire); }

  // --- its owner, through the kernel ---

  // Takes a free queue: false if it is not. Clears the completion ring and the flags; the
  // submission ring keeps what its last owner left.
  bool hand_out();
  void set_type(unsigned type);
  // False unless it was in its initial state.
  bool start();
  // Ends what is in flight first; after it, the device writes nowhere. `for_good`: nothing but
  // take_back comes next.
  void stop(bool for_good);
  void take_back();

  // --- doorbells ---

  void ring_submission(std::uint16_t tail) noexcept;
  void ring_completion(std::uint16_t head, bool rearm) noexcept;

  // --- the device ---

  // Runs what has been submitted and completes what is due. False if there was nothing.
  bool serve();
  // When serve() has to be called without a doorbell; time_point::max() for never.
  [[nodiscard]] Clock::time_point next_due() const noexcept;
  [[nodiscard]] bool has_work() const noexcept;

  // Asks for the flags: transmission stops at once, reception when the requests in flight have
  // been run (`drained`) or forgotten. The queue serves nobody until it is handed out again.
  void fail(bool drained) noexcept;

  // --- its owner, asking poll() ---

  // Whether completions have come that no call has told of yet: looks for them in the ring, and
  // takes all.
  bool poll_ring() noexcept;
  // One event is taken from those that have been counted.
  bool poll_token() noexcept;

 private:
  enum class Failure : std::uint8_t { none, drained, blocked };
  // What is done with a request later than the device got to it.
  struct Pending {
    Clock::time_point due;
    std::uint32_t slot;
    bool runs;  // not only completes
    Descriptor request;
  };

  void run_next();
  void run_with_fault(std::uint32_t slot, Descriptor& request, Fault fault);
  bool run_engine(std::uint32_t slot, Descriptor& request);
  bool compute(std::uint32_t slot, Descriptor& request, Fault fault);
  void complete_pending(bool all);
  void postpone(std::uint32_t slot, const Descriptor& request, bool runs);
  void drain();
  void end_failure();
  void write_back(std::uint32_t slot, const Descriptor& before, const Descriptor& after);
  void post(std::uint32_t slot, std::uint16_t shown_slot);
  void raise_if_armed() noexcept;
  void raise_flag(std::size_t at) noexcept;
  void clear_for_start();

  Device& device_;
  const unsigned number_;
  const QueueLayout layout_;
  std::byte* const memory_;

  // Cache lines by who writes them and who looks: what one core writes and another reads costs both
  // some hundred cycles each time, which is more than all else that a doorbell does.
  // Doorbells write, the device looks all the time.
  alignas(64) std::atomic<std::uint32_t> submission_tail_{0};
  // Doorbells write, the device looks when the ring seems full.
  alignas(64) std::atomic<std::uint32_t> completion_head_{0};
  // Both look, hardly anybody writes.
  alignas(64) std::atomic<bool> armed_{false};
  // The device writes.
  alignas(64) std::atomic<std::uint32_t> submission_head_{0};
  std::atomic<std::uint32_t> completion_tail_{0};
  std::uint32_t known_completion_head_ = 0;
  std::atomic<Failure> failure_{Failure::none};
  std::atomic<QueueState> state_{QueueState::free};
  // time_since_epoch; what is pending is guarded by the lock, when to look is not.
  std::atomic<Clock::rep> due_{Clock::time_point::max().time_since_epoch().count()};

  // Held while requests run, and by whatever must not happen meanwhile.
  std::mutex lock_;
  bool failed_ = false;
  unsigned type_ = 0;
  unsigned type_in_use_ = 0;
  std::uint16_t phase_ = 1;
  std::unique_ptr<Engine> engine_;
  std::vector<Pending> pending_;

  // How far poll() has looked.
  std::mutex poll_lock_;
  std::uint32_t polled_head_ = 0;
  std::uint16_t polled_phase_ = 1;
  std::atomic<std::uint32_t> tokens_{0};
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_QUEUE_HPP_
