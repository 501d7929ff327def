#include "registry.hpp"

#include <cstdlib>
#include <new>

namespace wd::provider {

namespace {

// An address that no provider context has.
constinit char taken_mark = 0;
void* const kTaken = &taken_mark;

}  // namespace

constinit Registry registry;

Registry::Node* Registry::take_node() noexcept {
  for (Node* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next) {
    void* free_mark = nullptr;
    if (node->context.compare_exchange_strong(free_mark, kTaken, std::memory_order_acq_rel))
      return node;
  }
  // As many as there were providers at once in this process; kept until it ends. Not from OpenSSL,
  // whose leak check would find them.
  void* memory = std::malloc(sizeof(Node));
  if (memory == nullptr) return nullptr;
  auto* node = ::new (memory) Node{kTaken, nullptr, first_.load(std::memory_order_relaxed)};
  // release: whoever finds the node sees it whole.
  while (!first_.compare_exchange_weak(node->next, node, std::memory_order_release,
                                       std::memory_order_relaxed)) {
  }
  return node;
}

bool Registry::add(void* context, Instance* instance) noexcept {
  Node* node = take_node();
  if (node == nullptr) return false;
  node->instance.store(instance, std::memory_order_relaxed);
  // release: pairs with find(), which reads the context first.
  node->context.store(context, std::memory_order_release);
  return true;
}

void Registry::clear() noexcept {
  Node* node = first_.exchange(nullptr, std::memory_order_acq_rel);
  while (node != nullptr) {
    Node* next = node->next;
    std::free(node);
    node = next;
  }
}

Instance* Registry::remove(void* context) noexcept {
  for (Node* node = first_.load(std::memory_order_acquire); node != nullptr; node = node->next)
    if (node->context.load(std::memory_order_acquire) == context) {
      Instance* instance = node->instance.load(std::memory_order_relaxed);
      node->context.store(nullptr, std::memory_order_release);
      return instance;
    }
  return nullptr;
}

// The module is unloaded. If the process ends instead, providers may still be loaded.
__attribute__((destructor)) static void free_registry() {
  if (registry.empty()) registry.clear();
}

}  // namespace wd::provider
