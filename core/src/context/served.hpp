// Counting one request, in the code that served it.
#ifndef WD_CONTEXT_SERVED_HPP_
#define WD_CONTEXT_SERVED_HPP_

#include <cstdint>

#include "context/counters.hpp"
#include "wd/context.hpp"

WD_NAMESPACE_BEGIN

inline void count_served(const Context& context, Algorithm algorithm, Engine engine,
                         std::uint64_t bytes_in, std::uint64_t bytes_out) noexcept {
  Counters* counters = context.counters();
  if (counters == nullptr) [[likely]]
    return;
  // relaxed: nothing is ordered by these, they are only summed up.
  Counter& counter = counters->at(algorithm, engine);
  counter.requests.fetch_add(1, std::memory_order_relaxed);
  counter.bytes_in.fetch_add(bytes_in, std::memory_order_relaxed);
  counter.bytes_out.fetch_add(bytes_out, std::memory_order_relaxed);
}

// A part of a request that is counted as one already.
inline void count_part(const Context& context, Algorithm algorithm, Engine engine,
                       std::uint64_t bytes_in, std::uint64_t bytes_out) noexcept {
  Counters* counters = context.counters();
  if (counters == nullptr) [[likely]]
    return;
  Counter& counter = counters->at(algorithm, engine);
  counter.bytes_in.fetch_add(bytes_in, std::memory_order_relaxed);
  counter.bytes_out.fetch_add(bytes_out, std::memory_order_relaxed);
}

// `engine` served although another was preferred.
inline void count_fallback(const Context& context, Algorithm algorithm, Engine engine,
                           FallbackReason reason) noexcept {
  Counters* counters = context.counters();
  if (counters == nullptr) [[likely]]
    return;
  counters->at(algorithm, engine)
      .fallbacks[static_cast<std::size_t>(reason)]
      .fetch_add(1, std::memory_order_relaxed);
}

WD_NAMESPACE_END

#endif  // WD_CONTEXT_SERVED_HPP_
