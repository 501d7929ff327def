#include "hisi/qm/queue.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "base/futex.hpp"
#include "hisi/qm/layout.hpp"

WD_NAMESPACE_BEGIN

namespace hisi {

namespace {

constexpr std::size_t round_up(std::size_t bytes, std::size_t to) noexcept {
  return (bytes + to - 1) / to * to;
}

// A queue and what it keeps for each slot, in one mapping: most of it is never touched where few
// requests are in flight.
struct Footprint {
  std::size_t slots_at;
  std::size_t answers_at;
  std::size_t bytes;
};
constexpr Footprint footprint_of(std::size_t queue_bytes, std::size_t slots) noexcept {
  const std::size_t slots_at = round_up(queue_bytes, alignof(Descriptor));
  const std::size_t answers_at =
      round_up(slots_at + slots * sizeof(ring::Slot), alignof(Descriptor));
  return {slots_at, answers_at, answers_at + slots * sizeof(Descriptor)};
}

constexpr unsigned kYields = 50;
constexpr std::chrono::milliseconds kLongestSleep{20};

}  // namespace

Result<Queue*> Queue::open(const SystemCalls& calls, const Roots& roots, const DeviceInfo& device,
                           const QueueSettings& settings,
                           const std::atomic<std::uint32_t>& fork_seen) noexcept {
  auto file = QueueFile::open(calls, roots, device, settings.kind, kDescriptorBytes);
  if (!file) return file.error();
  auto memory = lay_out(generation_of(device.api.version), file->dus(), file->mmio(), file->rings(),
                        kDescriptorBytes, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
  if (!memory) return memory.error();
  memory->after_doorbell = calls.after_doorbell;
  memory->world = calls.world;
  const std::size_t count = memory->submission_slots;
  const Footprint footprint = footprint_of(sizeof(Queue), count);
  void* at =
      mmap(nullptr, footprint.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return Error{Errc::no_memory, ENOMEM, "no memory for a queue"};
  if (const auto started = file->start(); !started) {
    munmap(at, footprint.bytes);
    return started.error();
  }
  StaticShare* share = nullptr;
  if (!device.shares_addresses()) {
    const auto made = StaticShare::create(*file, settings.share_bytes);
    if (!made) {
      munmap(at, footprint.bytes);
      return made.error();
    }
    share = *made;
  }
  auto* bytes = static_cast<std::byte*>(at);
  auto* slots = reinterpret_cast<ring::Slot*>(bytes + footprint.slots_at);
  for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(slots + i)) ring::Slot;
  auto* answers = reinterpret_cast<Descriptor*>(bytes + footprint.answers_at);
  auto* queue = ::new (at)
      Queue(std::move(*file), *memory, settings, slots, answers, footprint.bytes, fork_seen);
  queue->share_memory_ = share;
  return queue;
}

Queue::Queue(QueueFile&& file, const ring::Memory& memory, const QueueSettings& settings,
             ring::Slot* slots, Descriptor* answers, std::size_t bytes,
             const std::atomic<std::uint32_t>& fork_seen) noexcept
    : settings_(settings),
      fork_seen_(fork_seen),
      ring_(memory, slots),
      answers_(answers),
      bytes_(bytes),
      file_(std::move(file)) {}

void Queue::destroy(Queue* queue) noexcept {
  if (queue == nullptr) return;
  const bool forked = queue->forked();
  if (forked)
    queue->file_.disown();
  else
    queue->retire();
  StaticShare::destroy(queue->share_memory_, forked);
  const std::size_t bytes = queue->bytes_;
  queue->~Queue();
  munmap(static_cast<void*>(queue), bytes);
}

Queue::End Queue::fetch(ring::Tag tag, Descriptor& answer) noexcept {
  if (forked()) return End::forked;
  if (ring_.state_of(tag) != ring::SlotState::answered) {
    if (ring_.state_of(tag) == ring::SlotState::lost) ring_.release(tag);
    return End::lost;
  }
  answer = answers_[ring::Ring::index_of(tag)];
  ring_.release(tag);
  return End::answered;
}

void Queue::wait_slowly(ring::Tag tag) noexcept {
  const Instant deadline = now() + timeout_;
  for (unsigned turn = 0; !ended(tag); ++turn) {
    collect();
    if (ended(tag)) return;
    // Stopped and broken rings give no completions, however long one waits.
    if (ring_.health() >= ring::Health::stopped || now() >= deadline)
      retire();
    else if (turn < kYields)
      sched_yield();
    else
      sleep(tag, deadline);
  }
}

// One sleeps in poll(); the others until that one, or one who spins, has collected something.
void Queue::sleep(ring::Tag tag, Instant deadline) noexcept {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now()) +
                    std::chrono::milliseconds(1);
  const auto limit = std::min(left, kLongestSleep);
  if (polling_.exchange(true, std::memory_order_acquire)) {
    const std::uint32_t seen = news_.load(std::memory_order_acquire);
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    if (!ended(tag)) sleep_while(news_, seen, limit);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  {
    const Inside inside(gate());
    // A queue that has ended has no registers any more.
    if (ring_.health() < ring::Health::stopped) {
      ring_.arm();
      // What completed before the arming raises no event.
      collect_inside();
    }
  }
  int event = 0;
  if (!ended(tag) && ring_.health() < ring::Health::stopped)
    event = file_.poll(static_cast<int>(limit.count()));
  // A signal's handler has forked meanwhile, and this is the child: there is no ring.
  if (forked()) return;
  {
    const Inside inside(gate());
    ring_.disarm();
    collect_inside();
    // The descriptor is not ours any more, or the device is gone: nothing can be waited for.
    if (event < 0 && event != -EINTR) ring_.break_off();
  }
  polling_.store(false, std::memory_order_release);
}

void Queue::wake() noexcept {
  news_.fetch_add(1, std::memory_order_release);
  wake_sleepers(news_);
}

void Queue::retire() noexcept {
  // Nobody may be asleep on a descriptor that is about to be closed.
  while (polling_.exchange(true, std::memory_order_acquire)) sched_yield();
  {
    const Inside inside(gate());
    retire_inside();
  }
  polling_.store(false, std::memory_order_release);
  wake();
}

void Queue::retire_inside() noexcept {
  if (std::exchange(retired_, true)) return;
  // Stopping drains, so that what is still under way ends before its memory is anybody else's;
  // unmapping and closing come after it, and only then is a word said to those who wait.
  file_.stop();
  collect_inside();
  ring_.break_off();
  file_.close();
  ring_.lose_all();
}

}  // namespace hisi

WD_NAMESPACE_END
