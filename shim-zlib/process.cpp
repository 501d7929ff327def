#include "process.hpp"

#include <errno.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "base/log.hpp"
#include "base/uncancelled.hpp"

namespace wd::shim {

namespace {

constexpr const char* kPlugin = "zlib";

Context* make_context() noexcept {
  const Uncancelled uncancelled;
  const int saved = errno;  // the caller's, who asked for a checksum and no more
  void* memory = std::malloc(sizeof(Context));
  if (memory == nullptr) return nullptr;
  Config config;
  const Result<void> loaded = config.load();
  if (!loaded) log_line(config, LogLevel::error, kPlugin, loaded.error().text);
  auto* made = ::new (memory) Context(config, kPlugin);
  errno = saved;
  return made;
}

const Context& publish(Context* fresh) noexcept {
  Context* expected = nullptr;
  if (published_context.compare_exchange_strong(expected, fresh, std::memory_order_acq_rel))
    return *fresh;
  // Another thread was first. This one has counted nothing, so nothing is written.
  fresh->~Context();
  std::free(fresh);
  return *expected;
}

// Without memory for a Context, or before its time: the defaults, and nothing is counted.
const Context& plain_context() noexcept {
  alignas(Context) static std::byte storage[sizeof(Context)];
  // Constructing it twice writes the same bytes; no device may come to be in it for that.
  Config config;
  config.backend = BackendChoice::software;
  return *::new (static_cast<void*>(storage)) Context(config, kPlugin);
}

// The process ends, or the shim is unloaded: what was counted is written, and queues go back. The
// Context stays, for exit handlers that still compress; which of the two it is nobody says.
__attribute__((destructor)) void finish() {
  const Context* made = published_context.load(std::memory_order_acquire);
  if (made == nullptr) return;
  made->write_statistics();
  made->give_back_idle();
}

}  // namespace

// No lock: a child forked while another thread makes the Context would inherit it locked.
constinit std::atomic<Context*> published_context{nullptr};

constinit std::atomic<bool> nobody_asks_for_statistics{false};

const Context* context_if_asked_for() noexcept {
  if (environ == nullptr) return nullptr;  // too early to know
  if (secure_getenv("WD_STATS") != nullptr) return &make_process_context();
  nobody_asks_for_statistics.store(true, std::memory_order_relaxed);
  return nullptr;
}

const Context& make_process_context() noexcept {
  // Called from a program's .preinit_array, before libc has an environment to read.
  if (environ == nullptr) return plain_context();
  Context* fresh = make_context();
  return fresh != nullptr ? publish(fresh) : plain_context();
}

}  // namespace wd::shim
