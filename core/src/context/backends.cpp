#include "context/backends.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <new>

#include "base/log.hpp"
#include "base/uncancelled.hpp"
#include "base/wiped_page.hpp"
#include "device/emulator_module.hpp"
#include "device/system_calls.hpp"
#include "hisi/zip/accelerator.hpp"
#include "wd/allocator.hpp"

WD_NAMESPACE_BEGIN

namespace {

// A backend's devices in this process, with the calls that they are reached by.
struct HisiBackend {
  Accelerator accelerator;
  SystemCalls calls;
  hisi::zip::Engine* engine;
  // Of emulated devices, which a fork leaves behind: zero in a child.
  WipedPage<std::atomic<std::uint32_t>> here;
};

// Where devices are reached.
enum class Reached : std::uint8_t { kernel, emulator, nowhere };

Reached reach(const Config& config, const char* plugin, SystemCalls& calls) noexcept {
  if (config.emulate[0] == '\0') {
    calls = kernel_calls();
    // Without the folder there is no driver, and there will be none before this process ends.
    const int listed = calls.list_folder(calls.world, config.sysfs_root, nullptr,
                                         [](void*, const char*) noexcept {});
    return listed == 0 ? Reached::kernel : Reached::nowhere;
  }
  const Result<SystemCalls> opened = open_emulator(config.emulate);
  if (!opened) {
    char text[160];
    std::snprintf(text, sizeof(text), "WD_EMULATE: %s; software is used", opened.error().text);
    log_line(config, LogLevel::error, plugin, text);
    return Reached::nowhere;
  }
  calls = *opened;
  return Reached::emulator;
}

HisiBackend& backend_of(const Accelerator* accelerator) noexcept {
  static_assert(offsetof(HisiBackend, accelerator) == 0);
  return *reinterpret_cast<HisiBackend*>(const_cast<Accelerator*>(accelerator));
}

hisi::zip::EngineSettings settings_of(const Config& config, const SystemCalls& calls) noexcept {
  hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = {config.sysfs_root, config.device_root};
  settings.max_queues = config.max_queues;
  settings.timeout = std::chrono::milliseconds(config.request_timeout_ms);
  settings.fault_window = std::chrono::milliseconds(config.fault_window_ms);
  // Whoever asks for devices by name gets them from the first byte on.
  if (config.backend == BackendChoice::hisi) settings.least_work_bytes = 0;
  return settings;
}

const Accelerator* open_hisi(const Config& config, const char* plugin) noexcept {
  SystemCalls calls{};
  const Reached reached = reach(config, plugin, calls);
  if (reached == Reached::nowhere) return nullptr;
  auto here = WipedPage<std::atomic<std::uint32_t>>::create();
  if (!here) return nullptr;
  (*here)->store(1, std::memory_order_relaxed);
  void* at = Allocator::standard().take(1, sizeof(HisiBackend));
  if (at == nullptr) return nullptr;
  auto* backend = ::new (at) HisiBackend{{}, calls, nullptr, std::move(*here)};
  const auto engine = hisi::zip::Engine::create(settings_of(config, backend->calls));
  if (!engine) {
    backend->~HisiBackend();
    Allocator::standard().give_back(at);
    return nullptr;
  }
  backend->engine = *engine;
  backend->accelerator = accelerator_of(**engine);
  if (reached == Reached::emulator)
    backend->accelerator.left_behind = [](const Accelerator& self) noexcept {
      const HisiBackend& known = backend_of(&self);
      if (known.here->load(std::memory_order_relaxed) != 0) return false;
      const Uncancelled uncancelled;
      known.engine->pool().sweep();  // gives back what was inherited
      return true;
    };
  return &backend->accelerator;
}

void close_hisi(const Accelerator* accelerator) noexcept {
  HisiBackend& backend = backend_of(accelerator);
  hisi::zip::Engine::destroy(backend.engine);
  backend.~HisiBackend();
  Allocator::standard().give_back(&backend);
}

// In the order in which they are tried where the choice is automatic.
struct Backend {
  BackendChoice choice;
  const Accelerator* (*open)(const Config& config, const char* plugin) noexcept;
};
constexpr Backend kBackends[] = {{BackendChoice::hisi, open_hisi}};

}  // namespace

const Accelerator* open_accelerator(const Config& config, const char* plugin) noexcept {
  const Uncancelled uncancelled;
  const int saved = errno;  // the caller's, who asked for something else
  const Accelerator* opened = nullptr;
  for (const Backend& backend : kBackends) {
    if (config.backend != BackendChoice::automatic && config.backend != backend.choice) continue;
    opened = backend.open(config, plugin);
    if (opened != nullptr) break;
  }
  errno = saved;
  return opened;
}

void close_accelerator(const Accelerator* accelerator) noexcept {
  const Uncancelled uncancelled;
  if (accelerator != nullptr) close_hisi(accelerator);
}

WD_NAMESPACE_END
