#include "wd/context.hpp"

#include "context/counters.hpp"
#include "context/program_name.hpp"
#include "context/served.hpp"
#include "context/statistics_line.hpp"

WD_NAMESPACE_BEGIN

Context::Context(const Config& config, const char* plugin) noexcept
    : config_(config), plugin_(plugin) {
  if (config_.stats[0] != '\0') enable_statistics();
}

Context::~Context() noexcept {
  write_statistics();
  Counters::destroy(counters_);
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
