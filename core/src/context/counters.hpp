// The counters behind Context::statistics(): one page that the kernel wipes in a forked child.
#ifndef WD_CONTEXT_COUNTERS_HPP_
#define WD_CONTEXT_COUNTERS_HPP_

#include <atomic>
#include <cstdint>

#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

struct Counter {
  std::atomic<std::uint64_t> requests;
  std::atomic<std::uint64_t> bytes_in;
  std::atomic<std::uint64_t> bytes_out;
  std::atomic<std::uint64_t> fallbacks[static_cast<std::size_t>(FallbackReason::count_)];
};

class Counters {
 public:
  static constexpr std::size_t kAlgorithms = static_cast<std::size_t>(Algorithm::count_);
  static constexpr std::size_t kEngines = static_cast<std::size_t>(Engine::count_);

  // Null without memory.
  static Counters* create() noexcept;
  static void destroy(Counters* counters) noexcept;

  Counter& at(Algorithm algorithm, Engine engine) noexcept {
    return counters_[static_cast<std::size_t>(algorithm)][static_cast<std::size_t>(engine)];
  }

 private:
  Counter counters_[kAlgorithms][kEngines];
};

WD_NAMESPACE_END

#endif  // WD_CONTEXT_COUNTERS_HPP_
