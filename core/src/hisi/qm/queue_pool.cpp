#include "hisi/qm/queue_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "base/fork_handlers.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

namespace {

// For how long queues are shared after one was missing.
constexpr std::chrono::milliseconds kCrowded{1000};

}  // namespace

Result<QueuePool*> QueuePool::create(const PoolSettings& settings) noexcept {
  auto words = WipedPage<Words>::create();
  if (!words) return words.error();
  words.value()->here.store(1, std::memory_order_relaxed);
  void* at =
      mmap(nullptr, sizeof(QueuePool), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return Error{Errc::no_memory, ENOMEM, "no memory for a pool of queues"};
  auto* pool = ::new (at) QueuePool(settings, std::move(*words));
  // Where that is refused, a child gives back what it inherited when it asks for a queue.
  ForkHandlers::add([](void* user) noexcept { static_cast<QueuePool*>(user)->disown_all(); }, pool);
  return pool;
}

void QueuePool::destroy(QueuePool* pool) noexcept {
  if (pool == nullptr) return;
  ForkHandlers::remove(pool);
  pool->settle_in_child();
  for (Seat& seat : pool->seats_)
    if (seat.queue != nullptr) Queue::destroy(seat.queue);
  pool->~QueuePool();
  munmap(static_cast<void*>(pool), sizeof(QueuePool));
}

// In a forked child, and at once: it may sleep for long, and its parent's queues are scarce. What
// is in the seats stays: this thread may have been waiting there when a signal made it fork.
void QueuePool::disown_all() noexcept {
  for (Seat& seat : seats_)
    if (seat.queue != nullptr) seat.queue->disown();
}

// Before anything else in a forked child, where the words are zero: what is in the seats is the
// parent's. Whoever of the parent's threads was on them does not exist here.
void QueuePool::settle_in_child() noexcept {
  if (words_->here.load(std::memory_order_acquire) != 0) return;
  const Inside inside(&words_->gate);
  if (words_->here.load(std::memory_order_relaxed) != 0) return;
  for (Seat& seat : seats_) {
    if (seat.queue != nullptr) Queue::destroy(std::exchange(seat.queue, nullptr));
    seat.word.store(0, std::memory_order_relaxed);
  }
  held_.store(0, std::memory_order_relaxed);
  offered_.store(0, std::memory_order_relaxed);
  // release: whoever sees this finds the seats empty.
  words_->here.store(1, std::memory_order_release);
}

QueuePool::Lease QueuePool::lease(const Work& work) noexcept {
  settle_in_child();
  if (held() != 0 && sweep_due(about_now())) sweep();
  if (Seat* seat = claim_idle(work)) return {this, seat, Refusal::none};
  if (held() == 0 && settings_.least_work_bytes != 0 &&
      offered_.fetch_add(work.bytes, std::memory_order_relaxed) + work.bytes <
          settings_.least_work_bytes)
    return {this, nullptr, Refusal::too_little};
  Refusal why = Refusal::none_free;
  // As many are held as may be: one that is shared is better than closing another to open one.
  if (held() >= settings_.max_queues)
    if (Seat* seat = join_shared(work)) return {this, seat, Refusal::none};
  if (Seat* seat = open_seat(work, why)) return {this, seat, Refusal::none};
  // While others come and go, a seat may be between two states for a moment.
  constexpr unsigned kTurns = 8;
  for (unsigned turn = 0; turn < kTurns && held() != 0; ++turn) {
    if (Seat* seat = join_shared(work)) return {this, seat, Refusal::none};
    if (Seat* seat = claim_idle(work)) return {this, seat, Refusal::none};
    relax();
  }
  if (why == Refusal::none_free && held() >= settings_.max_queues)
    crowded_until_.store((about_now() + kCrowded).count(), std::memory_order_relaxed);
  return {this, nullptr, why};
}

QueuePool::Seat* QueuePool::claim_idle(const Work& work) noexcept {
  // Threads begin at different seats, so that each finds the one it had last time.
  static thread_local char here = 0;
  const auto address = std::uint64_t{reinterpret_cast<std::uintptr_t>(&here)};
  const auto first = static_cast<unsigned>(address * 0x9e3779b97f4a7c15 >> 32);
  for (unsigned i = 0; i < kMostQueues; ++i) {
    Seat& seat = seats_[(first + i) % kMostQueues];
    std::uint32_t idle = word_of(kIdle, work.kind, 0);
    // acquire: pairs with the release of whoever made the seat idle.
    if (seat.word.load(std::memory_order_relaxed) != idle ||
        !seat.word.compare_exchange_strong(idle, word_of(kTaken, work.kind, 0),
                                           std::memory_order_acquire))
      continue;
    const bool fits = (seat.algorithms >> work.algorithm & 1) != 0;
    if (fits && seat.queue->usable()) {
      const bool shared = to_be_shared(seat);
      seat.queue->share(shared ? Sharing::many : Sharing::one);
      if (shared) seat.word.store(word_of(kShared, work.kind, 1), std::memory_order_release);
      return &seat;
    }
    if (fits)
      close_seat(seat);
    else
      seat.word.store(word_of(kIdle, work.kind, 0), std::memory_order_release);
  }
  return nullptr;
}

// No other queue could be handed out to the next thread that asks, or it was so a moment ago: what
// is handed out unshared cannot be joined before it comes back.
bool QueuePool::to_be_shared(const Seat& taken) const noexcept {
  const std::int64_t until = crowded_until_.load(std::memory_order_relaxed);
  return last_seat(taken) || (until != 0 && about_now() < Instant(until));
}

bool QueuePool::last_seat(const Seat& taken) const noexcept {
  if (held() < settings_.max_queues) return false;
  for (const Seat& seat : seats_)
    if (&seat != &taken && state_in(seat.word.load(std::memory_order_relaxed)) == kIdle)
      return false;
  return true;
}

QueuePool::Seat* QueuePool::join_shared(const Work& work) noexcept {
  constexpr std::uint32_t kOneUser = 1 << 16;
  for (Seat& seat : seats_) {
    std::uint32_t word = seat.word.load(std::memory_order_relaxed);
    while (state_in(word) == kShared &&
           without_users(word) == without_users(word_of(kShared, work.kind, 0))) {
      if (!seat.word.compare_exchange_weak(word, word + kOneUser, std::memory_order_acquire))
        continue;
      if ((seat.algorithms >> work.algorithm & 1) != 0 && seat.queue->usable()) return &seat;
      give_back(seat, false);
      break;
    }
  }
  return nullptr;
}

QueuePool::Seat* QueuePool::open_seat(const Work& work, Refusal& why) noexcept {
  // Somebody else is at it: rather than wait, this piece of work is done elsewhere. But who asks
  // for devices from the first byte on wants one.
  if (!words_->gate.try_enter()) {
    if (settings_.least_work_bytes != 0) return nullptr;
    words_->gate.enter();
  }
  Seat* seat = nullptr;
  const Instant at = now();
  look_for_devices(at);
  why = Refusal::no_device;
  if ((all_algorithms_.load(std::memory_order_relaxed) >> work.algorithm & 1) != 0) {
    why = Refusal::none_free;
    seat = seat_for_opening(work);
  }
  if (seat != nullptr) {
    std::size_t device = 0;
    seat->queue = open_queue(work, device, why);
    if (seat->queue != nullptr) {
      seat->device = static_cast<std::uint16_t>(device);
      seat->algorithms = algorithms_of(devices_.devices[device]);
      held_.fetch_add(1, std::memory_order_relaxed);
      const bool shared = to_be_shared(*seat);
      seat->queue->share(shared ? Sharing::many : Sharing::one);
      // release: others find the seat as it is now. Pairs with the acquires above.
      seat->word.store(shared ? word_of(kShared, work.kind, 1) : word_of(kTaken, work.kind, 0),
                       std::memory_order_release);
    } else {
      seat->word.store(0, std::memory_order_release);
      seat = nullptr;
    }
  }
  words_->gate.leave();
  return seat;
}

// An empty seat, now taken; if as many queues are held as may be, that of an idle one of another
// kind. One that fits has come free just now: it is for claim_idle(), not to be closed.
QueuePool::Seat* QueuePool::seat_for_opening(const Work& work) noexcept {
  const unsigned most = std::min(settings_.max_queues, kMostQueues);
  const std::uint32_t fitting = word_of(kIdle, work.kind, 0);
  for (Seat& seat : seats_) {
    if (held() < most) break;
    std::uint32_t word = seat.word.load(std::memory_order_relaxed);
    const bool fits = word == fitting && (seat.algorithms >> work.algorithm & 1) != 0;
    if (state_in(word) == kIdle && !fits &&
        seat.word.compare_exchange_strong(word, kTaken, std::memory_order_acquire))
      close_seat(seat);
  }
  if (held() >= most) return nullptr;
  for (Seat& seat : seats_) {
    std::uint32_t empty = 0;
    if (seat.word.compare_exchange_strong(empty, kTaken, std::memory_order_acquire)) return &seat;
  }
  return nullptr;
}

// Of a seat that is taken by the caller alone.
void QueuePool::close_seat(Seat& seat) noexcept {
  Queue::destroy(std::exchange(seat.queue, nullptr));
  if (held_.fetch_sub(1, std::memory_order_relaxed) == 1)
    offered_.store(0, std::memory_order_relaxed);
  seat.word.store(0, std::memory_order_release);
}

void QueuePool::give_back(Seat& seat, bool failed) noexcept {
  constexpr std::uint32_t kOneUser = 1 << 16;
  if (failed) health_[seat.device].new_faults.fetch_add(1, std::memory_order_relaxed);
  seat.last_used.store(about_now().count(), std::memory_order_relaxed);
  std::uint32_t word = seat.word.load(std::memory_order_relaxed);
  while (state_in(word) == kShared) {
    const bool last = word >> 16 == 1;
    const std::uint32_t next = last ? (without_users(word) | kTaken) : word - kOneUser;
    // acq_rel: the last one to leave sees what the others did.
    if (!seat.word.compare_exchange_weak(word, next, std::memory_order_acq_rel)) continue;
    if (!last) return;
    word = next;
  }
  if (seat.queue->usable())
    seat.word.store(without_users(word) | kIdle, std::memory_order_release);
  else
    close_seat(seat);
}

bool QueuePool::sweep_due(Instant at) const noexcept {
  return at - Instant(swept_.load(std::memory_order_relaxed)) > settings_.idle / 2;
}

void QueuePool::sweep(std::chrono::milliseconds idle) noexcept {
  settle_in_child();
  if (!words_->gate.try_enter()) return;
  const Instant at = about_now();
  swept_.store(at.count(), std::memory_order_relaxed);
  for (Seat& seat : seats_) {
    std::uint32_t word = seat.word.load(std::memory_order_relaxed);
    if (state_in(word) != kIdle ||
        at - Instant(seat.last_used.load(std::memory_order_relaxed)) < idle)
      continue;
    if (seat.word.compare_exchange_strong(word, kTaken, std::memory_order_acquire))
      close_seat(seat);
  }
  words_->gate.leave();
}

}  // namespace hisi

WD_NAMESPACE_END
