// Which Instance belongs to a provider context: the only thing that the loaded providers of a
// process share besides its Context.
//
// A list whose nodes are used again and not freed before the module is unloaded, so that look-ups
// need no lock, whatever other threads load and unload meanwhile, and a fork can inherit none that
// is held.
#ifndef WD_PROVIDER_REGISTRY_HPP_
#define WD_PROVIDER_REGISTRY_HPP_

#include <atomic>

namespace wd::provider {

class Instance;

class Registry {
 public:
  // False without memory. `context` must not be registered.
  [[nodiscard]] bool add(void* context, Instance* instance) noexcept;
  // The Instance that was registered, or null.
  Instance* remove(void* context) noexcept;
  [[nodiscard]] Instance* find(void* context) const noexcept {
    // acquire: pairs with add(), whose caller's Instance is seen whole.
    for (const Node* node = first_.load(std::memory_order_acquire); node != nullptr;
         node = node->next)
      if (node->context.load(std::memory_order_acquire) == context)
        return node->instance.load(std::memory_order_relaxed);
    return nullptr;
  }

  // Gives back its memory. Nobody else may be using it.
  void clear() noexcept;
  [[nodiscard]] bool empty() const noexcept {
    for (const Node* node = first_.load(std::memory_order_acquire); node != nullptr;
         node = node->next)
      if (node->context.load(std::memory_order_acquire) != nullptr) return false;
    return true;
  }

 private:
  struct Node {
    // Null: free. A node's owner is who changed it from null to kTaken.
    std::atomic<void*> context;
    std::atomic<Instance*> instance;
    Node* next;
  };

  [[nodiscard]] Node* take_node() noexcept;

  std::atomic<Node*> first_{nullptr};
};

// Of this process.
extern constinit Registry registry;

}  // namespace wd::provider

#endif  // WD_PROVIDER_REGISTRY_HPP_
