#include "process.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/log.hpp"

namespace wd::shim {

namespace {

constexpr const char* kPlugin = "zlib";

// Null until the first call. No lock: a child forked while another thread makes the Context would
// inherit it locked.
constinit std::atomic<Context*> context{nullptr};

Context* make_context() noexcept {
  void* memory = std::malloc(sizeof(Context));
  if (memory == nullptr) return nullptr;
  Config config;
  const Result<void> loaded = config.load();
  if (!loaded) log_line(config, LogLevel::error, kPlugin, loaded.error().text);
  return ::new (memory) Context(config, kPlugin);
}

const Context& publish(Context* fresh) noexcept {
  Context* expected = nullptr;
  // release: pairs with the acquire in process_context(), which then sees a whole Context.
  if (context.compare_exchange_strong(expected, fresh, std::memory_order_acq_rel)) return *fresh;
  // Another thread was first. This one has counted nothing, so nothing is written.
  fresh->~Context();
  std::free(fresh);
  return *expected;
}

// Without memory for a Context: the defaults, and nothing is counted.
const Context& plain_context() noexcept {
  alignas(Context) static std::byte storage[sizeof(Context)];
  // Constructing it twice writes the same bytes.
  return *::new (static_cast<void*>(storage)) Context(Config{}, kPlugin);
}

// The process ends, or the shim is unloaded: what was counted is written. The Context stays, for exit
// handlers that still compress.
__attribute__((destructor)) void write_statistics() {
  if (const Context* made = context.load(std::memory_order_acquire)) made->write_statistics();
}

}  // namespace

const Context& process_context() noexcept {
  if (const Context* made = context.load(std::memory_order_acquire)) [[likely]]
    return *made;
  Context* fresh = make_context();
  return fresh != nullptr ? publish(fresh) : plain_context();
}

}  // namespace wd::shim
