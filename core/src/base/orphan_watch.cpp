#include "base/orphan_watch.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

namespace {

// Of all watches, so that what another one wrote to the same place is no mark of ours.
constinit std::atomic<std::uint64_t> last_mark{0};

constexpr std::uint64_t mark_of(std::uint64_t number, unsigned index) noexcept {
  return (number * OrphanWatch::kMost + index) << 1;
}
constexpr unsigned index_of(std::uint64_t mark) noexcept {
  return static_cast<unsigned>(mark >> 1) % OrphanWatch::kMost;
}

}  // namespace

OrphanWatch* OrphanWatch::create() noexcept {
  void* at = Allocator::standard().take(1, sizeof(OrphanWatch));
  return at == nullptr ? nullptr : ::new (at) OrphanWatch;
}

void OrphanWatch::destroy(OrphanWatch* watch) noexcept {
  if (watch == nullptr) return;
  for (Entry& entry : watch->entries_) {
    const std::uint64_t mark = entry.mark.load(std::memory_order_relaxed);
    if (mark > kChanging) watch->release_if_still(entry, mark);
  }
  watch->~OrphanWatch();
  Allocator::standard().give_back(watch);
}

bool OrphanWatch::watch(OrphanMark& mark, const void* by, void* held, Release release) noexcept {
  // Nobody else can be where this mark is.
  for (Entry& entry : entries_) {
    const std::uint64_t old = entry.mark.load(std::memory_order_relaxed);
    if (old > kChanging && entry.at.load(std::memory_order_relaxed) == &mark)
      release_if_still(entry, old);
  }
  if (watched() >= kMany) look_for_orphans();
  for (unsigned i = 0; i < kMost; ++i) {
    Entry& entry = entries_[i];
    std::uint64_t nobody = kNobody;
    // acquire: whoever was here has left. Pairs with the releases below.
    if (entry.mark.load(std::memory_order_relaxed) != kNobody ||
        !entry.mark.compare_exchange_strong(nobody, kChanging, std::memory_order_acquire))
      continue;
    entry.at.store(&mark, std::memory_order_relaxed);
    entry.by = by;
    entry.held = held;
    entry.release = release;
    mark.value = mark_of(last_mark.fetch_add(1, std::memory_order_relaxed) + 1, i);
    watched_.fetch_add(1, std::memory_order_relaxed);
    // release: whoever finds the mark finds what belongs to it, and the mark in its owner.
    entry.mark.store(mark.value, std::memory_order_release);
    return true;
  }
  return false;
}

void OrphanWatch::forget(OrphanMark& mark) noexcept {
  std::uint64_t expected = mark.value;
  mark.value = 0;
  if (expected == 0) return;
  if (entries_[index_of(expected)].mark.compare_exchange_strong(expected, kNobody,
                                                                std::memory_order_acq_rel))
    watched_.fetch_sub(1, std::memory_order_relaxed);
}

// The memory may be anybody's by now, or nobody's: only the kernel can be asked what is there.
bool OrphanWatch::has_gone(const OrphanMark* at, std::uint64_t mark) noexcept {
  const int saved = errno;
  std::uint64_t there = 0;
  const iovec here{&there, sizeof(there)};
  const iovec place{const_cast<OrphanMark*>(at), sizeof(there)};
  const ssize_t copied = process_vm_readv(getpid(), &here, 1, &place, 1, 0);
  // Where the kernel does not say, the owner is taken to be alive.
  const bool gone = copied == sizeof(there) ? there != mark : copied < 0 && errno == EFAULT;
  errno = saved;
  return gone;
}

void OrphanWatch::release_if_still(Entry& entry, std::uint64_t mark) noexcept {
  // acquire: sees all that watch() has put there.
  if (!entry.mark.compare_exchange_strong(mark, kChanging, std::memory_order_acquire)) return;
  entry.release(entry.by, entry.held);
  watched_.fetch_sub(1, std::memory_order_relaxed);
  entry.mark.store(kNobody, std::memory_order_release);
}

// A few at a time: when all owners are alive, that is what it costs each time.
void OrphanWatch::look_for_orphans() noexcept {
  constexpr unsigned kAtATime = 2;
  const unsigned first = next_look_.fetch_add(kAtATime, std::memory_order_relaxed);
  for (unsigned i = first; i != first + kAtATime; ++i) {
    Entry& entry = entries_[i % kMost];
    const std::uint64_t mark = entry.mark.load(std::memory_order_acquire);
    if (mark > kChanging && has_gone(entry.at.load(std::memory_order_relaxed), mark))
      release_if_still(entry, mark);
  }
}

WD_NAMESPACE_END
