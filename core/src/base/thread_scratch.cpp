#include "base/thread_scratch.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <new>

WD_NAMESPACE_BEGIN

// The pthread key whose destructor frees a thread's scratch. Made by whoever comes first, without a
// lock that a forked child could inherit; deleted when the library is unloaded, since the
// destructor's code is gone then.
struct ThreadScratchKey {
  // 0: none yet; else the key plus one.
  static inline std::atomic<unsigned> made{0};

  static bool make(pthread_key_t& key) noexcept {
    // acquire and release: the key's number is all there is to see; the rest is libc's.
    if (const unsigned known = made.load(std::memory_order_acquire); known != 0) {
      key = known - 1;
      return true;
    }
    if (pthread_key_create(&key, [](void* scratch) { ThreadScratch::destroy(scratch); }) != 0)
      return false;
    unsigned expected = 0;
    if (!made.compare_exchange_strong(expected, key + 1, std::memory_order_acq_rel)) {
      pthread_key_delete(key);
      key = expected - 1;
    }
    return true;
  }

  static void give_up() noexcept;
};

namespace {

// initial-exec: a pointer's worth of static TLS, read without a call.
thread_local ThreadScratch* this_threads_scratch = nullptr;

}  // namespace

// The thread's own pointer is asked, not its key: in a second namespace (dlmopen) with a libc of
// its own the same key's place holds what another copy of this library has put there.
void ThreadScratchKey::give_up() noexcept {
  const unsigned known = made.exchange(0, std::memory_order_acq_rel);
  if (known == 0) return;
  pthread_key_delete(known - 1);
  ThreadScratch* const scratch = this_threads_scratch;
  if (scratch != nullptr && !scratch->busy_) ThreadScratch::destroy(scratch);
}

void ThreadScratch::destroy(void* memory) noexcept {
  auto* scratch = static_cast<ThreadScratch*>(memory);
  this_threads_scratch = nullptr;
  for (const Entry& entry : scratch->entries_)
    if (entry.tool != nullptr) entry.release(entry.tool);
  std::free(memory);
}

ThreadScratch* ThreadScratch::borrow() noexcept {
  ThreadScratch* scratch = this_threads_scratch;
  if (scratch == nullptr) {
    pthread_key_t key;
    if (!ThreadScratchKey::make(key)) return nullptr;
    void* memory = std::malloc(sizeof(ThreadScratch));
    if (memory == nullptr) return nullptr;
    scratch = ::new (memory) ThreadScratch;
    if (pthread_setspecific(key, scratch) != 0) {
      std::free(memory);
      return nullptr;
    }
    this_threads_scratch = scratch;
  }
  if (scratch->busy_) return nullptr;
  scratch->busy_ = true;
  return scratch;
}

void ThreadScratch::put(Slot slot, void* tool, std::size_t kind, void (*release)(void*)) noexcept {
  Entry& entry = entries_[static_cast<std::size_t>(slot)];
  if (entry.tool != nullptr) entry.release(entry.tool);
  entry = {tool, kind, release};
}

std::uint8_t* BorrowedScratch::buffer(std::size_t bytes) noexcept {
  constexpr auto kSlot = ThreadScratch::Slot::buffer;
  if (scratch_->get(kSlot) == nullptr || scratch_->kind(kSlot) < bytes) {
    constexpr std::size_t kGranule = 65536;
    const std::size_t rounded = (bytes + kGranule - 1) / kGranule * kGranule;
    void* memory = std::malloc(rounded);
    if (memory == nullptr) return nullptr;
    scratch_->put(kSlot, memory, rounded, std::free);
  }
  return static_cast<std::uint8_t*>(scratch_->get(kSlot));
}

// Unloading: the thread that unloads gives up its scratch; other threads' are lost with their
// destructor, which must not run any more. Whoever still compresses in an exit handler makes a new
// key.
__attribute__((destructor)) static void give_up_scratch() {
  ThreadScratchKey::give_up();
}

WD_NAMESPACE_END
