#ifndef WD_BENCH_COMMON_IN_TURNS_HPP_
#define WD_BENCH_COMMON_IN_TURNS_HPP_

#include <functional>

namespace wd::bench {

struct Quartiles {
  double lower;
  double median;
  double upper;
};

// Does the work that many times over.
using Work = std::function<void(unsigned repeats)>;

struct Turns {
  unsigned repeats;  // in one timed sample
  // Stock's time over ours, one value per round.
  Quartiles cpu_ratio;
  Quartiles elapsed_ratio;
  // Medians, of one sample.
  double stock_cpu_seconds;
  double our_cpu_seconds;
  double stock_elapsed_seconds;
  double our_elapsed_seconds;
};

// Times both in turns, in the other order each round, so that what drifts (clock rate, neighbours,
// caches) meets both. A sample lasts at least `min_seconds` of CPU time for the faster of the two:
// short work is repeated.
Turns in_turns(const Work& stock, const Work& ours, unsigned rounds, double min_seconds);

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_IN_TURNS_HPP_
