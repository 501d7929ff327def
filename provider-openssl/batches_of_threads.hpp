// Each thread's Batches: made when first needed, wiped when the thread ends or the module is
// unloaded.
#ifndef WD_PROVIDER_BATCHES_OF_THREADS_HPP_
#define WD_PROVIDER_BATCHES_OF_THREADS_HPP_

#include "batches.hpp"

namespace wd::provider {

struct BatchesOfThreads {
  // This thread's; null without memory.
  [[nodiscard]] static Batches* mine() noexcept;

  // One thread's, in a list of all that there ever were at once; nodes are used again. Freed when
  // the module is unloaded, when no context and so no use is left.
  struct Node;

 private:
  [[nodiscard]] static Node* take() noexcept;
  static void release(void* node) noexcept;
  friend void free_all_batches() noexcept;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_BATCHES_OF_THREADS_HPP_
