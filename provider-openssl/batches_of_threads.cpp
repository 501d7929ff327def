#include "batches_of_threads.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "registry.hpp"

namespace wd::provider {

struct BatchesOfThreads::Node {
  std::atomic<bool> taken{true};
  Node* next = nullptr;
  Batches batches;
};

namespace {

using Node = BatchesOfThreads::Node;

constinit std::atomic<Node*> all{nullptr};
// The key whose destructor tells that a thread ends, plus one; 0 while there is none.
constinit std::atomic<unsigned> thread_end_key{0};

thread_local Node* this_threads = nullptr;

bool key_for_ends(void (*destructor)(void*), pthread_key_t& key) noexcept {
  // acquire and release: the key's number is all there is to see.
  if (const unsigned known = thread_end_key.load(std::memory_order_acquire); known != 0) {
    key = known - 1;
    return true;
  }
  if (pthread_key_create(&key, destructor) != 0) return false;
  unsigned none = 0;
  if (!thread_end_key.compare_exchange_strong(none, key + 1, std::memory_order_acq_rel)) {
    pthread_key_delete(key);
    key = none - 1;
  }
  return true;
}

}  // namespace

Node* BatchesOfThreads::take() noexcept {
  for (Node* node = all.load(std::memory_order_acquire); node != nullptr; node = node->next) {
    bool is_free = false;
    if (node->taken.compare_exchange_strong(is_free, true, std::memory_order_acq_rel)) return node;
  }
  void* memory = std::malloc(sizeof(Node));
  if (memory == nullptr) return nullptr;
  auto* node = ::new (memory) Node;
  node->next = all.load(std::memory_order_relaxed);
  // release: whoever finds the node sees it whole.
  while (!all.compare_exchange_weak(node->next, node, std::memory_order_release,
                                    std::memory_order_relaxed)) {
  }
  return node;
}

void BatchesOfThreads::release(void* memory) noexcept {
  auto* node = static_cast<Node*>(memory);
  node->batches.clear();
  this_threads = nullptr;
  // release: the next owner finds it cleared.
  node->taken.store(false, std::memory_order_release);
}

Batches* BatchesOfThreads::mine() noexcept {
  if (this_threads != nullptr) [[likely]]
    return &this_threads->batches;
  pthread_key_t key;
  if (!key_for_ends(release, key)) return nullptr;
  Node* node = take();
  if (node == nullptr) return nullptr;
  if (pthread_setspecific(key, node) != 0) {
    release(node);
    return nullptr;
  }
  this_threads = node;
  return &node->batches;
}

// The module is unloaded: the code of the key's destructor is about to go. Or the process ends
// while providers are loaded; then other threads may still be at work, and nothing is taken from
// them.
__attribute__((destructor)) void free_all_batches() noexcept {
  if (!registry.empty()) return;
  if (const unsigned known = thread_end_key.exchange(0, std::memory_order_acq_rel); known != 0)
    pthread_key_delete(known - 1);
  Node* node = all.exchange(nullptr, std::memory_order_acq_rel);
  while (node != nullptr) {
    Node* next = node->next;
    BatchesOfThreads::release(node);
    node->~Node();
    std::free(node);
    node = next;
  }
}

}  // namespace wd::provider
