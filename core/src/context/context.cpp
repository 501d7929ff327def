#include "wd/context.hpp"

#include <limits>

#include "base/orphan_watch.hpp"
#include "context/backends.hpp"
#include "context/counters.hpp"
#include "context/program_name.hpp"
#include "context/served.hpp"
#include "context/statistics_line.hpp"

WD_NAMESPACE_BEGIN

namespace {

// Stands for an accelerator that nobody has looked for yet.
constexpr Accelerator kNotLookedFor{};

// The smallest work that is for accelerators. Without input there is no work for anybody.
std::size_t least_bytes(BackendChoice backend, std::size_t otherwise) noexcept {
  switch (backend) {
    case BackendChoice::software:
      return std::numeric_limits<std::size_t>::max();
    case BackendChoice::hisi:
      return 1;
    default:
      return otherwise;
  }
}

}  // namespace

Context::Context(const Config& config, const char* plugin) noexcept
    : config_(config),
      plugin_(plugin),
      least_deflate_(least_bytes(config.backend, kLeastDeflateBytes)),
      least_inflate_(least_bytes(config.backend, kLeastInflateBytes)),
      accelerator_(&kNotLookedFor) {
  if (config_.stats[0] != '\0') enable_statistics();
}

Context::~Context() noexcept {
  write_statistics();
  Counters::destroy(counters_);
  OrphanWatch::destroy(orphan_watch_.load(std::memory_order_acquire));
  const Accelerator* known = accelerator_.load(std::memory_order_acquire);
  if (known != &kNotLookedFor) close_accelerator(known);
}

const Accelerator* Context::find_accelerator() const noexcept {
  // acquire: pairs with the exchange below, which made a whole accelerator visible.
  const Accelerator* known = accelerator_.load(std::memory_order_acquire);
  if (known == nullptr) [[likely]]
    return nullptr;
  const bool left_behind = known->left_behind != nullptr && known->left_behind(*known);
  if (known != &kNotLookedFor && !left_behind) return known;
  // No lock, which a child could inherit locked: threads that ask at once may each open one. One
  // that a fork has left behind stays, for streams that are still on it.
  const Accelerator* opened = open_accelerator(config_, plugin_);
  if (accelerator_.compare_exchange_strong(known, opened, std::memory_order_acq_rel)) return opened;
  close_accelerator(opened);
  return known;
}

OrphanWatch* Context::orphan_watch() const noexcept {
  // acquire: pairs with the exchange below.
  OrphanWatch* watch = orphan_watch_.load(std::memory_order_acquire);
  if (watch != nullptr) return watch;
  OrphanWatch* made = OrphanWatch::create();
  if (orphan_watch_.compare_exchange_strong(watch, made, std::memory_order_acq_rel)) return made;
  OrphanWatch::destroy(made);
  return watch;
}

void Context::give_back_idle() const noexcept {
  const Accelerator* known = accelerator_.load(std::memory_order_acquire);
  if (known != nullptr && known != &kNotLookedFor) known->give_back_idle(known->world);
}

void Context::enable_statistics() noexcept {
  if (counters_ != nullptr) return;
  counters_ = Counters::create();
  // Now, not when the line is written: a sandbox may be about us by then.
  name_program(program_, sizeof(program_));
}

void Context::add(Algorithm algorithm, Engine engine, std::uint64_t bytes_in,
                  std::uint64_t bytes_out) const noexcept {
  count_served(*this, algorithm, engine, bytes_in, bytes_out);
}

void Context::add_fallback(Algorithm algorithm, Engine engine,
                           FallbackReason reason) const noexcept {
  wd::count_fallback(*this, algorithm, engine, reason);
}

RequestCounts Context::statistics(Algorithm algorithm, Engine engine) const noexcept {
  RequestCounts counts;
  if (counters_ == nullptr) return counts;
  const Counter& counter = counters_->at(algorithm, engine);
  counts.requests = counter.requests.load(std::memory_order_relaxed);
  counts.bytes_in = counter.bytes_in.load(std::memory_order_relaxed);
  counts.bytes_out = counter.bytes_out.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < static_cast<std::size_t>(FallbackReason::count_); ++i)
    counts.fallbacks[i] = counter.fallbacks[i].load(std::memory_order_relaxed);
  return counts;
}

void Context::write_statistics() const noexcept {
  if (counters_ == nullptr || config_.stats[0] == '\0') return;
  StatisticsLine line(program_, plugin_);
  for (std::size_t a = 0; a < Counters::kAlgorithms; ++a)
    for (std::size_t e = 0; e < Counters::kEngines; ++e)
      line.add(static_cast<Algorithm>(a), static_cast<Engine>(e),
               statistics(static_cast<Algorithm>(a), static_cast<Engine>(e)));
  if (!line.empty()) line.append_to(config_.stats);
}

WD_NAMESPACE_END
