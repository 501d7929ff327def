#include "model/queue.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

#include "model/device.hpp"
#include "model/uneven_barrier.hpp"

namespace wd::emulator {
namespace {

// Requests run in one go, before other queues get their turn.
constexpr int kMostInARow = 64;

constexpr Clock::rep kNever = Clock::time_point::max().time_since_epoch().count();

std::atomic_ref<std::uint64_t> shared_u64(std::byte* at) {
  return std::atomic_ref(*reinterpret_cast<std::uint64_t*>(at));
}

// The second half of a completion entry.
std::uint64_t completion_word(std::uint16_t slot, unsigned queue, std::uint16_t phase) {
  return slot | std::uint64_t{queue} << 16 | std::uint64_t{phase} << 48;
}

}  // namespace

Queue::Queue(Device& device, unsigned number, const QueueLayout& layout, std::byte* memory)
    : device_(device), number_(number), layout_(layout), memory_(memory) {}

bool Queue::hand_out() {
  // Taken as dead first: nobody starts or serves it before it has been cleared.
  QueueState free = QueueState::free;
  if (!state_.compare_exchange_strong(free, QueueState::dead, std::memory_order_acq_rel))
    return false;
  std::memset(memory_ + layout_.completions_at(), 0, layout_.completions_bytes());
  std::memset(memory_ + layout_.reception_stopped_at(), 0, 8);
  failure_.store(Failure::none, std::memory_order_relaxed);
  failed_ = false;
  type_ = 0;
  state_.store(QueueState::initial, std::memory_order_release);
  return true;
}

void Queue::set_type(unsigned type) {
  const std::scoped_lock hold(lock_);
  type_ = type;
}

bool Queue::start() {
  const std::scoped_lock hold(lock_);
  if (state() != QueueState::initial) return false;
  if (engine_ == nullptr) engine_ = device_.make_engine();
  clear_for_start();
  state_.store(QueueState::started, std::memory_order_seq_cst);
  return true;
}

void Queue::clear_for_start() {
  type_in_use_ = type_;
  phase_ = 1;
  submission_tail_ = 0;
  submission_head_ = 0;
  completion_head_ = 0;
  completion_tail_ = 0;
  known_completion_head_ = 0;
  // The completion queue's context asks for an interrupt until the first doorbell says otherwise.
  armed_ = true;
  const std::scoped_lock hold(poll_lock_);
  polled_head_ = 0;
  polled_phase_ = 1;
  tokens_ = 0;
}

void Queue::stop(bool for_good) {
  const std::scoped_lock hold(lock_);
  const QueueState before = state();
  if (before == QueueState::started) drain();
  armed_ = false;
  if (before == QueueState::started || (for_good && before == QueueState::initial))
    state_.store(for_good ? QueueState::dead : QueueState::initial, std::memory_order_release);
}

void Queue::take_back() {
  stop(true);
  {
    const std::scoped_lock hold(lock_);
    engine_.reset();
  }
  state_.store(QueueState::free, std::memory_order_release);
}

void Queue::ring_submission(std::uint16_t tail) noexcept {
  if (tail >= layout_.depth) return;
  // Whoever rings looks afterwards whether the device's thread sleeps (DeviceThread::wake).
  submission_tail_.store(tail, std::memory_order_release);
}

void Queue::ring_completion(std::uint16_t head, bool rearm) noexcept {
  if (head >= layout_.depth) return;
  completion_head_.store(head, std::memory_order_release);
  if (rearm || armed_.load(std::memory_order_relaxed))
    armed_.store(rearm, std::memory_order_release);
  if (!rearm) return;
  // Whoever arms behind a completion that he has not seen is told of it at once: nobody looks
  // again. The other side is in post().
  UnevenBarrier::rare_side();
  if (completion_tail_.load(std::memory_order_acquire) != head) raise_if_armed();
}

bool Queue::has_work() const noexcept {
  if (state() != QueueState::started) return false;
  if (submission_tail_.load(std::memory_order_acquire) !=
      submission_head_.load(std::memory_order_relaxed))
    return true;
  if (failure_.load(std::memory_order_seq_cst) != Failure::none) return true;
  return next_due() <= Clock::time_point::max() - std::chrono::hours(1) &&
         next_due() <= Clock::now();
}

Clock::time_point Queue::next_due() const noexcept {
  return Clock::time_point(Clock::duration(due_.load(std::memory_order_relaxed)));
}

bool Queue::serve() {
  if (!has_work()) return false;
  // Whoever holds it stops the queue, and runs what is there himself.
  const std::unique_lock hold(lock_, std::try_to_lock);
  if (!hold || state() != QueueState::started) return false;
  complete_pending(false);
  const std::uint32_t tail = submission_tail_.load(std::memory_order_acquire);
  for (int left = kMostInARow; left > 0; --left) {
    if (failure_.load(std::memory_order_acquire) != Failure::none) {
      end_failure();
      break;
    }
    if (tail == submission_head_.load(std::memory_order_relaxed)) break;
    run_next();
  }
  return true;
}

void Queue::run_next() {
  const std::uint32_t slot = submission_head_.load(std::memory_order_relaxed);
  submission_head_.store(slot + 1 == layout_.depth ? 0 : slot + 1, std::memory_order_relaxed);
  if (failed_) return;
  Descriptor request;
  if (!device_.host().fetch(number_, slot, memory_ + slot * kDescriptorBytes, request)) return;
  const Fault fault = device_.next_fault();
  if (fault == Fault::none) [[likely]] {
    if (compute(slot, request, fault)) post(slot, static_cast<std::uint16_t>(slot));
  } else {
    run_with_fault(slot, request, fault);
  }
}

void Queue::run_with_fault(std::uint32_t slot, Descriptor& request, Fault fault) {
  auto shown_slot = static_cast<std::uint16_t>(slot);
  switch (fault) {
    case Fault::late_write:
      return postpone(slot, request, true);
    case Fault::slow:
      std::this_thread::sleep_for(device_.delay());
      break;
    case Fault::stop:
      fail(true);
      break;
    case Fault::reset:
      device_.reset(true);
      break;
    case Fault::reset_blocked:
      return device_.reset(false);
    case Fault::remove:
      return device_.remove();
    case Fault::wrong_slot:
      shown_slot = static_cast<std::uint16_t>(layout_.depth + slot);
      break;
    default:
      break;
  }
  if (fault == Fault::late) {
    if (run_engine(slot, request)) postpone(slot, request, false);
    return;
  }
  if (!compute(slot, request, fault) || fault == Fault::lost) return;
  post(slot, shown_slot);
  if (fault == Fault::doubled) post(slot, shown_slot);
}

// False if it took the device down.
bool Queue::run_engine(std::uint32_t slot, Descriptor& request) {
  ClientMemory& memory = device_.host().memory(number_, slot);
  device_.count_request();
  if (engine_->run(request, type_in_use_, memory) == Verdict::done) return true;
  if (device_.host().address_errors_reset()) {
    device_.address_error();
    return false;
  }
  engine_->spoil(request, Fault::unknown_status, memory);
  return true;
}

bool Queue::compute(std::uint32_t slot, Descriptor& request, Fault fault) {
  const Descriptor before = request;
  if (!run_engine(slot, request)) return false;
  if (fault == Fault::corrupt || fault == Fault::wrong_counts || fault == Fault::unknown_status)
    engine_->spoil(request, fault, device_.host().memory(number_, slot));
  write_back(slot, before, request);
  return true;
}

void Queue::postpone(std::uint32_t slot, const Descriptor& request, bool runs) {
  pending_.push_back({Clock::now() + device_.delay(), slot, runs, request});
  due_.store(std::min(due_.load(std::memory_order_relaxed),
                      pending_.back().due.time_since_epoch().count()),
             std::memory_order_relaxed);
}

void Queue::complete_pending(bool all) {
  if (pending_.empty()) return;
  const Clock::time_point now = Clock::now();
  std::vector<Pending> ready;
  const auto later =
      std::stable_partition(pending_.begin(), pending_.end(),
                            [now, all](const Pending& each) { return all || each.due <= now; });
  ready.assign(pending_.begin(), later);
  pending_.erase(pending_.begin(), later);
  Clock::rep due = kNever;
  for (const Pending& each : pending_) due = std::min(due, each.due.time_since_epoch().count());
  due_.store(due, std::memory_order_relaxed);
  for (Pending& each : ready) {
    if (each.runs) {
      if (!compute(each.slot, each.request, Fault::none)) continue;
    } else {
      write_back(each.slot, {}, each.request);
    }
    post(each.slot, static_cast<std::uint16_t>(each.slot));
  }
}

void Queue::drain() {
  if (failure_.load(std::memory_order_acquire) != Failure::blocked) {
    while (submission_tail_.load(std::memory_order_acquire) !=
           submission_head_.load(std::memory_order_relaxed))
      run_next();
    complete_pending(true);
  }
  if (failure_.load(std::memory_order_acquire) != Failure::none) end_failure();
  pending_.clear();
  due_.store(kNever, std::memory_order_relaxed);
}

void Queue::fail(bool drained) noexcept {
  if (state() == QueueState::free) return;
  raise_flag(layout_.transmission_stopped_at());
  failure_.store(drained ? Failure::drained : Failure::blocked, std::memory_order_seq_cst);
  // Without requests there is nobody who would get to end_failure.
  if (state() != QueueState::started) raise_flag(layout_.reception_stopped_at());
}

void Queue::end_failure() {
  const Failure how = failure_.exchange(Failure::none, std::memory_order_acq_rel);
  if (how == Failure::drained) {
    while (submission_tail_.load(std::memory_order_acquire) !=
           submission_head_.load(std::memory_order_relaxed))
      run_next();
    complete_pending(true);
  }
  submission_head_.store(submission_tail_.load(std::memory_order_acquire),
                         std::memory_order_relaxed);
  pending_.clear();
  due_.store(kNever, std::memory_order_relaxed);
  failed_ = true;
  raise_flag(layout_.reception_stopped_at());
}

void Queue::write_back(std::uint32_t slot, const Descriptor& before, const Descriptor& after) {
  // By cache lines, and only those that differ: writing both to the caller's core and back costs
  // more than all the rest of a request that computes nothing.
  constexpr std::size_t kLineWords = 16;
  std::byte* const to = memory_ + slot * kDescriptorBytes;
  for (std::size_t word = 0; word < kDescriptorWords; word += kLineWords) {
    if (std::memcmp(&before[word], &after[word], kLineWords * 4) != 0)
      std::memcpy(to + word * 4, &after[word], kLineWords * 4);
  }
}

void Queue::post(std::uint32_t slot, std::uint16_t shown_slot) {
  if (failed_) return;
  device_.host().ended(number_, slot);
  const std::uint32_t tail = completion_tail_.load(std::memory_order_relaxed);
  const std::uint32_t next = tail + 1 == layout_.depth ? 0 : tail + 1;
  if (next == known_completion_head_)
    known_completion_head_ = completion_head_.load(std::memory_order_acquire);
  if (next == known_completion_head_) {
    // Overflow of the completion ring: an event that ends this queue alone.
    failure_.store(Failure::blocked, std::memory_order_release);
    return raise_flag(layout_.transmission_stopped_at());
  }
  std::byte* const entry = memory_ + layout_.completions_at() + tail * kCompletionBytes;
  shared_u64(entry).store(0, std::memory_order_relaxed);
  // release: the answer in the slot has to be there before the phase says so.
  shared_u64(entry + 8).store(completion_word(shown_slot, number_, phase_),
                              std::memory_order_release);
  if (next == 0) phase_ ^= 1;
  completion_tail_.store(next, std::memory_order_release);
  // Pairs with ring_completion, which arms first and looks at the tail then.
  UnevenBarrier::frequent_side();
  device_.count_completion();
  raise_if_armed();
}

void Queue::raise_if_armed() noexcept {
  if (!armed_.load(std::memory_order_seq_cst) || !armed_.exchange(false)) return;
  tokens_.fetch_add(1, std::memory_order_release);
  device_.interrupt(number_);
}

void Queue::raise_flag(std::size_t at) noexcept {
  std::atomic_ref(*reinterpret_cast<std::uint32_t*>(memory_ + at))
      .store(1, std::memory_order_release);
}

bool Queue::poll_ring() noexcept {
  const std::scoped_lock hold(poll_lock_);
  if (state() != QueueState::started) return false;
  bool found = false;
  for (std::uint32_t left = layout_.depth; left > 0; --left) {
    std::byte* const entry = memory_ + layout_.completions_at() + polled_head_ * kCompletionBytes;
    const std::uint64_t word = shared_u64(entry + 8).load(std::memory_order_acquire);
    if (((word >> 48) & 1) != polled_phase_) break;
    found = true;
    if (++polled_head_ < layout_.depth) continue;
    polled_head_ = 0;
    polled_phase_ ^= 1;
  }
  return found;
}

bool Queue::poll_token() noexcept {
  std::uint32_t tokens = tokens_.load(std::memory_order_acquire);
  while (tokens > 0)
    if (tokens_.compare_exchange_weak(tokens, tokens - 1, std::memory_order_acquire)) return true;
  return false;
}

}  // namespace wd::emulator
