#include "process.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/log.hpp"
#include "registry.hpp"

namespace wd::provider {

namespace {

constinit std::atomic<wd::Context*> published{nullptr};

wd::Context* make_context() noexcept {
  void* memory = std::malloc(sizeof(wd::Context));
  if (memory == nullptr) return nullptr;
  wd::Config config;
  const wd::Result<void> loaded = config.load();
  if (!loaded) wd::log_line(config, wd::LogLevel::error, kPlugin, loaded.error().text);
  return ::new (memory) wd::Context(config, kPlugin);
}

// Writes what was counted, if that is asked for.
void discard(wd::Context* context) noexcept {
  if (context == nullptr) return;
  context->~Context();
  std::free(context);
}

// The module is unloaded, when nothing that was made of it is left; or the process ends, perhaps
// with providers that are still loaded, whose contexts lead here: then the Context stays.
__attribute__((destructor)) void write_statistics() {
  wd::Context* made = published.load(std::memory_order_acquire);
  if (made == nullptr) return;
  if (!registry.empty()) {
    made->write_statistics();
    return;
  }
  published.store(nullptr, std::memory_order_release);
  discard(made);
}

}  // namespace

wd::Context* process_context() noexcept {
  if (wd::Context* made = published.load(std::memory_order_acquire)) return made;
  wd::Context* fresh = make_context();
  wd::Context* expected = nullptr;
  if (fresh == nullptr ||
      published.compare_exchange_strong(expected, fresh, std::memory_order_acq_rel))
    return fresh;
  discard(fresh);
  return expected;
}

}  // namespace wd::provider
