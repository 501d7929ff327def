// A submission ring and its completion ring, as code over given memory: no file, no clock, no
// waiting.
//
// A request gets a slot, and a tag by which everybody knows it: the slot's index and a generation,
// never an address. The slot goes idle -> flying -> answered -> idle; what a completion says is
// copied out by the caller of take() before the device is told that the slot was read.
//
// Threads: submit(), take() and arm() by one at a time; state_of() and release() by any thread,
// each for its own tag. Ownership: borrows all memory. The device is not trusted: an index that it
// may not name breaks the ring, and nothing outside of the rings is touched.
#ifndef WD_RING_RING_HPP_
#define WD_RING_RING_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "ring/device_order.hpp"
#include "ring/doorbell.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace ring {

using Tag = std::uint32_t;

enum class SlotState : std::uint8_t {
  idle,
  flying,
  answered,
  lost,  // the queue ended first: the request has to be run again elsewhere
};

struct Slot {
  std::atomic<SlotState> state{SlotState::idle};
  Tag tag = 0;
};

// Where the rings are. Pointers into memory that the device sees are named shared_.
struct Memory {
  std::byte* shared_submissions = nullptr;
  const std::byte* shared_completions = nullptr;  // 16 bytes each
  const std::byte* shared_submission_stop = nullptr;
  const std::byte* shared_completion_stop = nullptr;
  volatile std::uint64_t* shared_doorbell = nullptr;
  std::uint32_t descriptor_bytes = 0;
  std::uint16_t submission_slots = 0;  // 2 or more
  std::uint16_t completion_slots = 0;  // as many, or more
  std::uint16_t queue = 0;             // its number, for doorbells
  DoorbellLayout layout = DoorbellLayout::narrow;
  // Called with `world` and the doorbell after each store to it, unless null.
  void (*after_doorbell)(void* world, volatile void* doorbell) noexcept = nullptr;
  void* world = nullptr;
};

enum class Health : std::uint8_t {
  running,
  // The device has stopped taking requests; completions may still come until it has stopped.
  stopping,
  stopped,
  broken,  // a completion that cannot be: nothing that comes is believed any more
};

class Ring {
 public:
  enum class Submitted : std::uint8_t { yes, full, refused };

  // `slots` are memory.submission_slots of them, all idle.
  Ring(const Memory& memory, Slot* slots) noexcept : memory_(memory), slots_(slots) {}
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Both may be looked at from other threads, which then know how it was.
  [[nodiscard]] Health health() const noexcept { return health_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t in_flight() const noexcept {
    return in_flight_.load(std::memory_order_relaxed);
  }

  // Takes a slot, has `encode(tag, shared_slot)` write all bytes of its descriptor, and rings.
  // full: as many as possible are in flight, or an old answer in the next slot is still to be
  // fetched.
  template <class Encode>
  Submitted submit(Tag& tag, Encode&& encode) noexcept {
    Slot& slot = slots_[tail_];
    // acquire: whoever fetched the old answer has done so. Pairs with release().
    if (in_flight() + 1 >= memory_.submission_slots ||
        slot.state.load(std::memory_order_acquire) != SlotState::idle)
      return Submitted::full;
    if (health() != Health::running || stop_flag(memory_.shared_submission_stop)) return refuse();
    tag = static_cast<Tag>(generation_) << 16 | tail_;
    slot.tag = tag;
    slot.state.store(SlotState::flying, std::memory_order_relaxed);
    encode(tag, shared_slot(tail_));
    if (++tail_ == memory_.submission_slots) {
      tail_ = 0;
      if (++generation_ == 0) generation_ = 1;
    }
    count_in_flight(in_flight() + 1);
    ring(DoorbellCommand::submission, tail_, DoorbellPriority::none);
    return Submitted::yes;
  }

  // Hands every completion that is there to `copy(tag, shared_slot)`, which says whether it can be
  // one of that request's; then tells the device. How many.
  template <class Copy>
  unsigned take(Copy&& copy) noexcept {
    unsigned taken = 0;
    while (in_flight() != 0 && completion_waits()) {
      Slot* slot = completed_slot();
      if (slot == nullptr || !copy(slot->tag, shared_slot(index_of(slot->tag)))) {
        break_off();
        return taken;
      }
      // release: who finds its request answered finds the copy. Pairs with state_of().
      slot->state.store(SlotState::answered, std::memory_order_release);
      advance_head();
      ++taken;
    }
    if (taken != 0 && !read_stop()) acknowledge();
    return taken;
  }

  // Asks for an event at the next completion. It may be there already by then, and the event lost:
  // look once more before sleeping, and sleep with a limit.
  void arm() noexcept {
    armed_ = true;
    acknowledge();
  }
  void disarm() noexcept { armed_ = false; }

  // Of the request with this tag; idle if there is none (any more).
  [[nodiscard]] SlotState state_of(Tag tag) const noexcept {
    const std::uint32_t index = index_of(tag);
    if (index >= memory_.submission_slots) return SlotState::idle;
    // acquire: pairs with the release in take() and lose_all().
    const SlotState state = slots_[index].state.load(std::memory_order_acquire);
    return state != SlotState::idle && slots_[index].tag == tag ? state : SlotState::idle;
  }
  // The answer to `tag` has been fetched: the slot is free.
  void release(Tag tag) noexcept {
    slots_[index_of(tag)].state.store(SlotState::idle, std::memory_order_release);
  }
  // After the queue was stopped: whatever still flies will not land.
  void lose_all() noexcept {
    for (std::uint32_t i = 0; i < memory_.submission_slots; ++i) {
      SlotState flying = SlotState::flying;
      slots_[i].state.compare_exchange_strong(flying, SlotState::lost, std::memory_order_release,
                                              std::memory_order_relaxed);
    }
    count_in_flight(0);
  }
  void break_off() noexcept { turn(Health::broken); }

  [[nodiscard]] static std::uint32_t index_of(Tag tag) noexcept { return tag & 0xffff; }

 private:
  static constexpr std::size_t kCompletionBytes = 16;
  static constexpr std::size_t kHeadOffset = 8;    // u16: the slot that is completed
  static constexpr std::size_t kPhaseOffset = 14;  // u16: bit 0

  static bool stop_flag(const std::byte* shared_flag) noexcept {
    return device_load<std::uint32_t>(shared_flag) != 0;
  }
  [[nodiscard]] std::byte* shared_slot(std::uint32_t index) const noexcept {
    return memory_.shared_submissions + std::size_t{index} * memory_.descriptor_bytes;
  }
  [[nodiscard]] const std::byte* shared_completion() const noexcept {
    return memory_.shared_completions + head_ * kCompletionBytes;
  }

  // Only one thread writes, so that no read-modify-write is needed.
  void count_in_flight(std::uint32_t count) noexcept {
    in_flight_.store(count, std::memory_order_relaxed);
  }
  void turn(Health health) noexcept { health_.store(health, std::memory_order_relaxed); }

  Submitted refuse() noexcept {
    if (health() == Health::running) turn(Health::stopping);
    return Submitted::refused;
  }
  bool read_stop() noexcept {
    if (health() < Health::stopped && stop_flag(memory_.shared_completion_stop))
      turn(Health::stopped);
    return health() >= Health::stopped;
  }
  bool completion_waits() noexcept {
    if (read_stop()) return false;
    const auto word = device_load<std::uint16_t>(shared_completion() + kPhaseOffset);
    if ((word & 1) != phase_) return false;
    // The completion's other fields, and the descriptor that it names, are read after its phase.
    // The device writes them before it.
    device_load_barrier();
    return true;
  }
  [[nodiscard]] Slot* completed_slot() const noexcept {
    const auto index = device_load<std::uint16_t>(shared_completion() + kHeadOffset);
    if (index >= memory_.submission_slots) return nullptr;
    Slot* slot = &slots_[index];
    return slot->state.load(std::memory_order_relaxed) == SlotState::flying ? slot : nullptr;
  }
  void advance_head() noexcept {
    count_in_flight(in_flight() - 1);
    if (++head_ == memory_.completion_slots) {
      head_ = 0;
      phase_ ^= 1;
    }
  }
  void acknowledge() noexcept {
    // While somebody sleeps, an acknowledgement by somebody else must not take back the event.
    ring(DoorbellCommand::completion, head_,
         armed_ ? DoorbellPriority::arm : DoorbellPriority::none);
  }
  void ring(DoorbellCommand command, std::uint16_t index, DoorbellPriority priority) noexcept {
    // Descriptors come before the doorbell; a device reads them after it. So do the copies of
    // completed ones, which cannot be stored before they are loaded.
    device_store_barrier();
    device_store(memory_.shared_doorbell,
                 doorbell_word(memory_.layout, memory_.queue, command, index, priority));
    if (memory_.after_doorbell != nullptr)
      memory_.after_doorbell(memory_.world, memory_.shared_doorbell);
  }

  const Memory memory_;
  Slot* const slots_;
  std::uint16_t tail_ = 0;
  std::uint16_t head_ = 0;
  std::uint16_t phase_ = 1;       // of completions that are new
  std::uint16_t generation_ = 1;  // so that no tag is 0
  std::atomic<std::uint32_t> in_flight_{0};
  bool armed_ = false;
  std::atomic<Health> health_{Health::running};
};

}  // namespace ring

WD_NAMESPACE_END

#endif  // WD_RING_RING_HPP_
