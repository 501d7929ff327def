#include "model/device.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "zip/engine.hpp"

namespace wd::emulator {
namespace {

constexpr auto kErrorsCountFor = std::chrono::hours(1);

constexpr Error kNoFreeQueue{Errc::io, EBUSY, "no free queue"};

}  // namespace

bool Host::fetch(unsigned, std::uint32_t, const std::byte* shared_slot,
                 Descriptor& request) noexcept {
  std::memcpy(request.data(), shared_slot, kDescriptorBytes);
  return true;
}

Device::Device(const DeviceOptions& options, const QueueLayout& layout, std::byte* memory,
               Host& host)
    : options_(options),
      host_(host),
      faults_(options.faults, options.seed),
      reset_until_(Clock::time_point::min().time_since_epoch().count()),
      delay_(options.delay),
      isolate_strategy_(options.isolate_strategy) {
  UnevenBarrier::prepare();
  for (unsigned number = 0; number < options.queues; ++number)
    queues_.emplace_back(*this, number, layout, memory + number * layout.total_bytes());
  for (unsigned number = 0; number < options.threads; ++number)
    threads_.emplace_back(*this, number);
}

Result<void> Device::may_open() {
  if (is_removed()) return Error{Errc::not_found, ENODEV, "the device is gone"};
  if (is_resetting()) return Error{Errc::io, EPERM, "the device is being reset"};
  if (faults_.next_open_fails()) return kNoFreeQueue;
  return {};
}

bool Device::hand_out(Queue& queue) {
  if (!queue.hand_out()) return false;
  unsigned used = used_queues_;
  while (used <= queue.number() && !used_queues_.compare_exchange_weak(used, queue.number() + 1)) {
  }
  return true;
}

Result<Queue*> Device::open() {
  if (const auto may = may_open(); !may) return may.error();
  for (Queue& queue : queues_)
    if (hand_out(queue)) return &queue;
  return kNoFreeQueue;
}

Result<Queue*> Device::open(unsigned number) {
  if (const auto may = may_open(); !may) return may.error();
  if (number >= queues_.size() || !hand_out(queues_[number])) return kNoFreeQueue;
  return &queues_[number];
}

bool Device::start(Queue& queue) {
  if (options_.engine != EngineKind::null_inline) {
    std::call_once(threads_started_, [this] {
      for (DeviceThread& thread : threads_) thread.start();
    });
  }
  return queue.start();
}

void Device::ring(Doorbell doorbell) noexcept {
  if (doorbell.queue >= queues_.size() || is_removed()) return;
  Queue& queue = queues_[doorbell.queue];
  if (doorbell.command == Doorbell::kCompletion)
    return queue.ring_completion(doorbell.index, doorbell.rearm);
  if (doorbell.command != Doorbell::kSubmission) return;
  queue.ring_submission(doorbell.index);
  if (options_.engine == EngineKind::null_inline) {
    while (queue.serve()) {
    }
  } else {
    threads_[doorbell.queue % options_.threads].wake();
  }
}

void Device::reset(bool drained) noexcept {
  resets_.fetch_add(1, std::memory_order_relaxed);
  reset_until_ = (Clock::now() + options_.reset_time).time_since_epoch().count();
  fail_all(drained);
}

void Device::fail_queue(unsigned number, bool drained) noexcept {
  if (number >= queues_.size()) return;
  queues_[number].fail(drained);
  wake_all();
}

void Device::remove() noexcept {
  if (removed_.exchange(true)) return;
  fail_all(false);
  host_.removed();
}

void Device::fail_all(bool drained) noexcept {
  for (Queue& queue : queues_) queue.fail(drained);
  wake_all();
}

void Device::wake_all() noexcept {
  for (DeviceThread& thread : threads_) thread.wake();
}

void Device::address_error() noexcept {
  count_error();
  reset(false);
}

void Device::count_error() noexcept {
  const std::scoped_lock hold(errors_lock_);
  const Clock::time_point now = Clock::now();
  std::erase_if(errors_, [now](Clock::time_point at) { return now - at > kErrorsCountFor; });
  // Those before this one decide.
  if (isolate_strategy_ != 0 && errors_.size() >= isolate_strategy_) isolated_ = true;
  errors_.push_back(now);
}

bool Device::is_resetting() const {
  return Clock::now().time_since_epoch().count() < reset_until_.load(std::memory_order_relaxed);
}

bool Device::set_isolate_strategy(unsigned threshold) {
  const std::scoped_lock hold(errors_lock_);
  if (isolated_) return false;
  isolate_strategy_ = threshold;
  errors_.clear();
  return true;
}

unsigned Device::free_queues() const {
  return static_cast<unsigned>(std::count_if(queues_.begin(), queues_.end(), [](const Queue& q) {
    return q.state() == QueueState::free;
  }));
}

std::uint64_t Device::sleeps() const {
  std::uint64_t sum = 0;
  for (const DeviceThread& thread : threads_) sum += thread.sleeps();
  return sum;
}

unsigned Device::threads_asleep() const {
  return static_cast<unsigned>(
      std::count_if(threads_.begin(), threads_.end(), [](const auto& t) { return t.is_asleep(); }));
}

std::unique_ptr<Engine> Device::make_engine() const {
  if (options_.engine == EngineKind::zip) return zip::make_engine(options_.api);
  return make_null_engine();
}

void Device::interrupt(unsigned queue) noexcept {
  interrupts_.fetch_add(1, std::memory_order_relaxed);
  host_.interrupt(queue);
}

bool Device::serve(unsigned thread) {
  bool any = false;
  const unsigned used = used_queues_.load(std::memory_order_acquire);
  for (unsigned number = thread; number < used; number += options_.threads)
    any |= queues_[number].serve();
  return any;
}

bool Device::has_work(unsigned thread) const noexcept {
  const unsigned used = used_queues_.load(std::memory_order_acquire);
  for (unsigned number = thread; number < used; number += options_.threads)
    if (queues_[number].has_work()) return true;
  return false;
}

Clock::time_point Device::next_due(unsigned thread) const noexcept {
  Clock::time_point due = Clock::time_point::max();
  const unsigned used = used_queues_.load(std::memory_order_acquire);
  for (unsigned number = thread; number < used; number += options_.threads)
    due = std::min(due, queues_[number].next_due());
  return due;
}

}  // namespace wd::emulator
