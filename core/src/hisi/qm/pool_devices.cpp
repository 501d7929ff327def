// QueuePool's part about devices: which there are, which to take, which to leave alone.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "hisi/qm/queue_pool.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{1000};
// How long a device is not asked again after it refused.
constexpr std::chrono::milliseconds kAfterNoneFree{100};
constexpr std::chrono::milliseconds kAfterUnavailable{500};
// A known answer is short; a device that takes longer hangs.
constexpr std::chrono::milliseconds kMostForProof{1000};

int node_of_this_cpu() noexcept {
  unsigned cpu = 0;
  unsigned node = 0;
  return getcpu(&cpu, &node) == 0 ? static_cast<int>(node) : -1;
}

Refusal refusal_of(const Error& error) noexcept {
  if (error.code == Errc::no_memory) return Refusal::no_memory;
  return error.sys_errno == EBUSY ? Refusal::none_free : Refusal::unavailable;
}

}  // namespace

bool QueuePool::has(std::uint8_t algorithm) noexcept {
  const auto listed = [&] {
    return (all_algorithms_.load(std::memory_order_relaxed) >> algorithm & 1) != 0;
  };
  if (listed()) return true;
  settle_in_child();
  const Instant at = about_now();
  const std::int64_t before = looked_at_.load(std::memory_order_relaxed);
  if ((before == 0 || at - Instant(before) > kBetweenLooks) && words_->gate.try_enter()) {
    look_for_devices(at);
    words_->gate.leave();
  }
  return listed();
}

std::uint32_t QueuePool::algorithms_of(const DeviceInfo& device) const noexcept {
  std::uint32_t set = 0;
  // What a driver of ours would write to a device of an unknown kind, nobody can say.
  if (device.api.version == 0) return 0;
  for (std::size_t i = 0; i < settings_.algorithms.size() && i < 32; ++i)
    if (device.does(settings_.algorithms[i])) set |= std::uint32_t{1} << i;
  return set;
}

void QueuePool::look_for_devices(Instant at) noexcept {
  const std::int64_t before = looked_at_.load(std::memory_order_relaxed);
  const bool wanted = devices_.count == 0 || look_again_;
  if (before != 0 && (!wanted || at - Instant(before) < kBetweenLooks)) return;
  look_again_ = false;
  looked_at_.store(at.count(), std::memory_order_relaxed);
  find_devices(*settings_.calls, settings_.roots, settings_.family, found_);
  std::uint32_t all = all_algorithms_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < found_.count; ++i) {
    const DeviceInfo& found = found_.devices[i];
    std::size_t at_place = 0;
    while (at_place < devices_.count &&
           std::strcmp(devices_.devices[at_place].name, found.name) != 0)
      ++at_place;
    if (at_place < devices_.count || devices_.count == DeviceList::kMost) continue;
    devices_.devices[devices_.count++] = found;
    all |= algorithms_of(found);
  }
  all_algorithms_.store(all, std::memory_order_relaxed);
}

bool QueuePool::usable(std::size_t device, std::uint8_t algorithm, Instant at,
                       Refusal& why) noexcept {
  const DeviceInfo& info = devices_.devices[device];
  // Without shared addresses a device would take ours for its own.
  const bool reachable = info.shares_addresses() || settings_.share_bytes != 0;
  if (!reachable || (algorithms_of(info) >> algorithm & 1) == 0) return false;
  weigh_faults(device, at);
  const Health& health = health_[device];
  if (at < health.not_before) {
    why = health.why;
    return false;
  }
  if (isolated_now(*settings_.calls, settings_.roots, info.name)) {
    why = Refusal::unavailable;
    return false;
  }
  return true;
}

// Nearer, or as near and with more queues free.
bool QueuePool::better(std::size_t device, std::size_t than, int node) noexcept {
  const DeviceInfo& one = devices_.devices[device];
  const DeviceInfo& other = devices_.devices[than];
  const bool near = one.numa_node == node;
  if (near != (other.numa_node == node)) return near;
  const auto free = available_instances(*settings_.calls, settings_.roots, one.name);
  const auto free_there = available_instances(*settings_.calls, settings_.roots, other.name);
  return free && (!free_there || *free > *free_there);
}

Queue* QueuePool::open_queue(const Work& work, std::size_t& device, Refusal& why) noexcept {
  constexpr std::size_t kNone = DeviceList::kMost;
  const int node = node_of_this_cpu();
  const Instant at = now();
  bool tried[DeviceList::kMost] = {};
  why = Refusal::no_device;
  for (;;) {
    std::size_t best = kNone;
    for (std::size_t i = 0; i < devices_.count; ++i)
      if (!tried[i] && usable(i, work.algorithm, at, why) &&
          (best == kNone || better(i, best, node)))
        best = i;
    if (best == kNone) return nullptr;
    tried[best] = true;
    if (Queue* queue = open_on(best, work, why)) {
      device = best;
      return queue;
    }
  }
}

Queue* QueuePool::open_on(std::size_t device, const Work& work, Refusal& why) noexcept {
  const DeviceInfo& info = devices_.devices[device];
  const QueueSettings settings{work.kind, settings_.tag_word(info.api.version), settings_.timeout,
                               settings_.share_bytes};
  const auto opened = Queue::open(*settings_.calls, settings_.roots, info, settings, words_->here);
  if (!opened) {
    why = refusal_of(opened.error());
    look_again_ = look_again_ || opened.error().sys_errno == ENOENT ||
                  opened.error().sys_errno == ENODEV || opened.error().sys_errno == ENXIO;
    put_aside(device, why, why == Refusal::none_free ? kAfterNoneFree : kAfterUnavailable);
    return nullptr;
  }
  if (settings_.proves_itself == nullptr) return *opened;
  (*opened)->set_timeout(std::min(settings_.timeout, kMostForProof));
  const bool proven = settings_.proves_itself(**opened, info, work.kind);
  (*opened)->set_timeout(settings_.timeout);
  if (proven) return *opened;
  Queue::destroy(*opened);
  why = Refusal::unproven;
  health_[device].new_faults.fetch_add(1, std::memory_order_relaxed);
  put_aside(device, why, kAfterUnavailable);
  return nullptr;
}

void QueuePool::put_aside(std::size_t device, Refusal why,
                          std::chrono::milliseconds for_long) noexcept {
  Health& health = health_[device];
  const Instant until = now() + for_long;
  if (until < health.not_before) return;
  health.not_before = until;
  health.why = why;
}

void QueuePool::weigh_faults(std::size_t device, Instant at) noexcept {
  Health& health = health_[device];
  const unsigned fresh = health.new_faults.exchange(0, std::memory_order_relaxed);
  if (fresh == 0) return;
  if (at - health.window_begin > settings_.fault_window) {
    health.window_begin = at;
    health.faults = 0;
  }
  health.faults += fresh;
  if (health.faults < settings_.most_faults) return;
  health.faults = 0;
  put_aside(device, Refusal::set_aside, settings_.fault_window);
}

}  // namespace hisi

WD_NAMESPACE_END
