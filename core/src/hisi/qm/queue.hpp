// A running queue of a HiSilicon device: requests go in as descriptors, answers come out as copies
// of what the device made of them.
//
// A request has one of three ends, and none while the device may still reach the caller's memory:
//   answered  the device has finished it;
//   lost      the queue was stopped (timeout, reset, device gone, nonsense in a ring): run it again
//             elsewhere, from untouched input;
//   forked    it is the parent's; the caller is a child.
//
// Threads: with Sharing::one, one at a time; with Sharing::many, any, and then an operation takes a
// gate. Which it is may change while nothing is in flight. Ownership: borrows the SystemCalls.
// Waiting spins, then yields, then sleeps in poll(); while requests flow there is no system call.
#ifndef WD_HISI_QM_QUEUE_HPP_
#define WD_HISI_QM_QUEUE_HPP_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "base/clock.hpp"
#include "base/gate.hpp"
#include "base/relax.hpp"
#include "device/queue_file.hpp"
#include "memory/static_share.hpp"
#include "ring/ring.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

inline constexpr std::uint32_t kDescriptorBytes = 128;

// A descriptor as it lies in a ring.
struct alignas(64) Descriptor {
  std::uint32_t word[kDescriptorBytes / 4];
};
static_assert(sizeof(Descriptor) == kDescriptorBytes);
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "descriptors are written as the little-endian words that they are");

enum class Sharing : std::uint8_t { one, many };

struct QueueSettings {
  QueueKind kind{};
  // The word of a descriptor that keeps the tag.
  std::uint8_t tag_word = 0;
  // A request that takes longer has met a device that hangs.
  std::chrono::milliseconds timeout{10000};
  // Of memory to copy through, where a device does not share our addresses. 0: none, and no such
  // device.
  std::size_t share_bytes = 0;
};

class Queue {
 public:
  enum class End : std::uint8_t { answered, lost, forked };
  using Submitted = ring::Ring::Submitted;

  // Opens and starts. `fork_seen`: a word that is not zero in this process, and zero in a forked
  // child; borrowed.
  static Result<Queue*> open(const SystemCalls& calls, const Roots& roots, const DeviceInfo& device,
                             const QueueSettings& settings,
                             const std::atomic<std::uint32_t>& fork_seen) noexcept;
  // Stops the queue; what was in flight is lost. In a forked child it gives back the descriptor.
  static void destroy(Queue* queue) noexcept;
  // In a forked child: gives back the descriptor, which would keep the queue from others. Nothing
  // else changes, for whoever is still in one of the functions.
  void disown() noexcept { file_.disown(); }

  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  void share(Sharing sharing) noexcept { sharing_ = sharing; }
  // How long wait() waits, instead of the settings' time. While nothing is in flight.
  void set_timeout(std::chrono::milliseconds timeout) noexcept { timeout_ = timeout; }

  // `encode(tag)` makes the descriptor, in the ring itself.
  template <class Encode>
  Submitted submit(ring::Tag& tag, Encode&& encode) noexcept {
    if (forked()) return Submitted::refused;
    const Inside inside(gate());
    return ring_.submit(tag, [&](ring::Tag given, std::byte* shared_slot) noexcept {
      // Made where the device reads it: a copy of words that have just been written has to wait for
      // them.
      ::new (static_cast<void*>(shared_slot)) Descriptor(encode(given));
    });
  }

  // Collects what has completed. How many.
  unsigned collect() noexcept {
    if (forked()) return 0;
    const Inside inside(gate());
    return collect_inside();
  }
  // Whether the request has come to an end; answered and lost ones are to be fetched.
  [[nodiscard]] bool ended(ring::Tag tag) const noexcept {
    return forked() || ring_.state_of(tag) != ring::SlotState::flying;
  }
  // Fetches an ended request and frees its slot. The answer is valid only if that is its end.
  End fetch(ring::Tag tag, Descriptor& answer) noexcept;
  // Waits for the end and fetches. A request that does not end within the timeout ends the queue:
  // all that is in flight is lost, after the device was stopped.
  End wait(ring::Tag tag, Descriptor& answer) noexcept {
    // One core for both sides must do: the spin is short before the other side is let in.
    constexpr unsigned kSpins = 200;
    for (unsigned turn = 0; turn < kSpins && !ended(tag); ++turn) {
      if (collect() == 0) relax();
    }
    if (!ended(tag)) wait_slowly(tag);
    return fetch(tag, answer);
  }

  // Takes requests. False for good once the queue has ended.
  [[nodiscard]] bool usable() const noexcept {
    return !forked() && ring_.health() == ring::Health::running;
  }
  [[nodiscard]] unsigned in_flight() const noexcept { return ring_.in_flight(); }
  [[nodiscard]] bool forked() const noexcept {
    return fork_seen_.load(std::memory_order_relaxed) == 0;
  }
  // Null where the device shares our addresses.
  [[nodiscard]] StaticShare* share_memory() const noexcept { return share_memory_; }

 private:
  Queue(QueueFile&& file, const ring::Memory& memory, const QueueSettings& settings,
        ring::Slot* slots, Descriptor* answers, std::size_t bytes,
        const std::atomic<std::uint32_t>& fork_seen) noexcept;
  ~Queue() = default;

  [[nodiscard]] Gate* gate() noexcept { return sharing_ == Sharing::many ? &gate_ : nullptr; }
  unsigned collect_inside() noexcept {
    const unsigned taken = ring_.take([&](ring::Tag tag, const std::byte* shared_slot) noexcept {
      Descriptor& answer = answers_[ring::Ring::index_of(tag)];
      std::memcpy(&answer, shared_slot, kDescriptorBytes);
      return answer.word[settings_.tag_word] == tag;
    });
    if (taken != 0 && sleepers_.load(std::memory_order_relaxed) != 0) wake();
    return taken;
  }
  void wake() noexcept;
  // Stops the device, and ends what was in flight.
  void retire() noexcept;
  void retire_inside() noexcept;
  void wait_slowly(ring::Tag tag) noexcept;
  void sleep(ring::Tag tag, Instant deadline) noexcept;

  const QueueSettings settings_;
  const std::atomic<std::uint32_t>& fork_seen_;
  ring::Ring ring_;
  Descriptor* const answers_;  // one for each slot
  const std::size_t bytes_;    // of the memory that holds all of this
  std::chrono::milliseconds timeout_ = settings_.timeout;
  Sharing sharing_ = Sharing::one;
  Gate gate_;
  bool retired_ = false;
  StaticShare* share_memory_ = nullptr;
  std::atomic<bool> polling_{false};        // somebody sleeps in poll()
  std::atomic<std::uint32_t> sleepers_{0};  // how many others sleep until news_ changes
  std::atomic<std::uint32_t> news_{0};
  QueueFile file_;
};

}  // namespace hisi

WD_NAMESPACE_END

#endif  // WD_HISI_QM_QUEUE_HPP_
