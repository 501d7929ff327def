// How long one request takes from submit() to its answer in the caller's hands.
#include <algorithm>
#include <deque>

#include "clocks.hpp"
#include "pipeline.hpp"
#include "placement.hpp"
#include "row.hpp"

namespace wd::bench {
namespace {

double nanoseconds_at(std::vector<double>& seconds, double quantile) {
  const auto place =
      static_cast<std::ptrdiff_t>(quantile * static_cast<double>(seconds.size() - 1));
  std::nth_element(seconds.begin(), seconds.begin() + place, seconds.end());
  return seconds[static_cast<std::size_t>(place)] * 1e9;
}

}  // namespace

// Each request is timed; the clock costs some 20 ns. A depth of 1 waits for each, a larger one has
// that many in flight and takes the oldest's answer.
void measure_latency(const Row& row, const Effort& effort, JsonObject& to) {
  const PathDevice device(row);
  Pipeline pipeline(*device.open_queue(), device.dialect(), row.depth);
  place_apart();
  std::vector<double> seconds;
  std::deque<double> began;
  const double end = seconds_of(CLOCK_MONOTONIC) + effort.seconds * effort.samples();
  for (double now = 0; now < end;) {
    if (pipeline.full()) {
      pipeline.finish_one();
      now = seconds_of(CLOCK_MONOTONIC);
      seconds.push_back(now - began.front());
      began.pop_front();
    }
    began.push_back(seconds_of(CLOCK_MONOTONIC));
    pipeline.submit();
  }
  pipeline.drain();
  to.integer("requests", seconds.size())
      .number("p50_nanoseconds", nanoseconds_at(seconds, 0.5))
      .number("p99_nanoseconds", nanoseconds_at(seconds, 0.99))
      .number("p999_nanoseconds", nanoseconds_at(seconds, 0.999));
}

}  // namespace wd::bench
