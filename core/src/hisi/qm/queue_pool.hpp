// The queues that this process holds of one family of devices, handed out for as long as a piece of
// work takes.
//
// Queues are scarce. None is opened before there is enough work for it, few are held, and those
// that nobody used for a while go back at the next opportunity. Whatever stands in the way (no
// device, none free, a reset, a device that errs too often) is a reason to do the work elsewhere
// and to ask again later, never an error. A queue is handed out only after it has passed a known
// answer.
//
// Threading: any. A thread that finds a queue of its own uses it without a lock; where there are
// more threads than queues, the last queue is shared, and all are once one has been missing. Fork:
// a child starts with no queues; what it inherited it gives back in fork(), or after a bare clone()
// when it first asks. Ownership: borrows the SystemCalls and the texts in its settings.
#ifndef WD_HISI_QM_QUEUE_POOL_HPP_
#define WD_HISI_QM_QUEUE_POOL_HPP_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/clock.hpp"
#include "base/gate.hpp"
#include "base/wiped_page.hpp"
#include "device/device_info.hpp"
#include "hisi/qm/queue.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

struct PoolSettings {
  const SystemCalls* calls = nullptr;
  Roots roots;
  const char* family = "";
  // The algorithms that work may be of, as devices list them; by their place here, up to 32.
  std::span<const char* const> algorithms;
  std::uint8_t (*tag_word)(unsigned qm_version) noexcept = nullptr;
  // Whether a fresh queue gives a known answer.
  bool (*proves_itself)(Queue& queue, const DeviceInfo& device, QueueKind kind) noexcept = nullptr;

  unsigned max_queues = 4;
  std::size_t least_work_bytes = std::size_t{256} << 10;
  std::chrono::milliseconds idle{1000};
  std::chrono::milliseconds timeout{10000};
  std::size_t share_bytes = 0;  // as in QueueSettings
  // So many faults within the window, and a device is left alone for as long.
  unsigned most_faults = 3;
  std::chrono::milliseconds fault_window{10000};
};

struct Work {
  std::uint8_t algorithm;  // its place in PoolSettings::algorithms
  QueueKind kind;
  std::size_t bytes;
};

// Why there is no queue for a piece of work.
enum class Refusal : std::uint8_t {
  none,
  too_little,   // work so far, for a first queue
  no_device,    // that does this, and is not isolated
  none_free,    // all its queues are held, by others or by us
  unavailable,  // in reset, or gone
  set_aside,    // it erred too often
  unproven,     // it failed a known answer
  no_memory,
};

class QueuePool {
 public:
  static constexpr unsigned kMostQueues = 16;

  static Result<QueuePool*> create(const PoolSettings& settings) noexcept;
  // Nothing may be leased any more.
  static void destroy(QueuePool* pool) noexcept;
  QueuePool(const QueuePool&) = delete;
  QueuePool& operator=(const QueuePool&) = delete;

  class Lease;
  // A lease that holds nothing says why.
  [[nodiscard]] Lease lease(const Work& work) noexcept;
  // Whether a device is known that does this. Looks for devices if that has not been done, and now
  // and then while there is none; else it costs next to nothing.
  [[nodiscard]] bool has(std::uint8_t algorithm) noexcept;
  // Gives back what nobody has used for a while; done now and then by lease(), too.
  void sweep() noexcept { sweep(settings_.idle); }
  // And what nobody uses right now.
  void give_back_idle() noexcept { sweep(std::chrono::milliseconds(0)); }
  [[nodiscard]] unsigned held() const noexcept { return held_.load(std::memory_order_relaxed); }

 private:
  // A seat's word: what it is, and who is on it. Only an empty or taken seat is changed otherwise.
  enum State : std::uint32_t { kEmpty, kIdle, kTaken, kShared };
  struct Seat {
    std::atomic<std::uint32_t> word{0};  // State | kind << 8 | users << 16
    std::atomic<std::int64_t> last_used{0};
    std::uint32_t algorithms = 0;
    std::uint16_t device = 0;
    Queue* queue = nullptr;
  };
  struct Health {
    std::atomic<unsigned> new_faults{0};  // counted by anybody; the rest is under the gate
    unsigned faults = 0;
    Instant window_begin{};
    Instant not_before{};
    Refusal why = Refusal::none;
  };
  struct Words {
    std::atomic<std::uint32_t> here;
    Gate gate;
  };

  QueuePool(const PoolSettings& settings, WipedPage<Words>&& words) noexcept
      : settings_(settings), words_(static_cast<WipedPage<Words>&&>(words)) {}
  ~QueuePool() = default;

  static constexpr std::uint32_t word_of(State state, QueueKind kind,
                                         std::uint32_t users) noexcept {
    return state | static_cast<std::uint32_t>(kind) << 8 | users << 16;
  }
  static constexpr State state_in(std::uint32_t word) noexcept {
    return static_cast<State>(word & 0xff);
  }
  static constexpr std::uint32_t without_users(std::uint32_t word) noexcept {
    return word & 0xff00;
  }

  void disown_all() noexcept;
  void settle_in_child() noexcept;
  [[nodiscard]] Seat* claim_idle(const Work& work) noexcept;
  [[nodiscard]] Seat* join_shared(const Work& work) noexcept;
  [[nodiscard]] Seat* open_seat(const Work& work, Refusal& why) noexcept;
  [[nodiscard]] Seat* seat_for_opening(const Work& work) noexcept;
  [[nodiscard]] Queue* open_queue(const Work& work, std::size_t& device, Refusal& why) noexcept;
  [[nodiscard]] Queue* open_on(std::size_t device, const Work& work, Refusal& why) noexcept;
  [[nodiscard]] bool usable(std::size_t device, std::uint8_t algorithm, Instant at,
                            Refusal& why) noexcept;
  [[nodiscard]] bool better(std::size_t device, std::size_t than, int node) noexcept;
  [[nodiscard]] bool to_be_shared(const Seat& taken) const noexcept;
  [[nodiscard]] bool last_seat(const Seat& taken) const noexcept;
  void put_aside(std::size_t device, Refusal why, std::chrono::milliseconds for_long) noexcept;
  void weigh_faults(std::size_t device, Instant at) noexcept;
  void look_for_devices(Instant at) noexcept;
  void close_seat(Seat& seat) noexcept;
  void give_back(Seat& seat, bool failed) noexcept;
  [[nodiscard]] bool sweep_due(Instant at) const noexcept;
  void sweep(std::chrono::milliseconds idle) noexcept;
  [[nodiscard]] std::uint32_t algorithms_of(const DeviceInfo& device) const noexcept;

  const PoolSettings settings_;
  WipedPage<Words> words_;
  std::atomic<std::uint64_t> offered_{0};  // bytes of work, while no queue is held
  std::atomic<unsigned> held_{0};
  std::atomic<std::int64_t> swept_{0};
  std::atomic<std::int64_t> crowded_until_{0};
  std::atomic<std::int64_t> looked_at_{0};        // 0: never
  std::atomic<std::uint32_t> all_algorithms_{0};  // of all devices
  Seat seats_[kMostQueues];
  // Under the gate.
  bool look_again_ = false;  // a device has gone, and may have come back under another name
  DeviceList devices_;       // grows only: seats and health know devices by their places
  DeviceList found_;         // what a new look finds, before it is merged
  Health health_[DeviceList::kMost];

  friend class Lease;
};

// Holds a queue for a scope.
class QueuePool::Lease {
 public:
  Lease(Lease&& other) noexcept
      : pool_(other.pool_), seat_(other.seat_), refusal_(other.refusal_), failed_(other.failed_) {
    other.seat_ = nullptr;
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (seat_ != nullptr) pool_->give_back(*seat_, failed_);
  }

  explicit operator bool() const noexcept { return seat_ != nullptr; }
  [[nodiscard]] Refusal refusal() const noexcept { return refusal_; }
  [[nodiscard]] Queue& queue() const noexcept { return *seat_->queue; }
  [[nodiscard]] unsigned qm_version() const noexcept {
    return pool_->devices_.devices[seat_->device].api.version;
  }
  [[nodiscard]] int numa_node() const noexcept {
    return pool_->devices_.devices[seat_->device].numa_node;
  }
  // The device did not do its work: that counts against it.
  void failed() noexcept { failed_ = true; }

 private:
  friend class QueuePool;
  Lease(QueuePool* pool, Seat* seat, Refusal refusal) noexcept
      : pool_(pool), seat_(seat), refusal_(refusal) {}

  QueuePool* pool_;
  Seat* seat_;
  Refusal refusal_;
  bool failed_ = false;
};

}  // namespace hisi

WD_NAMESPACE_END

#endif  // WD_HISI_QM_QUEUE_POOL_HPP_
