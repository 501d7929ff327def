// On which CPUs the two sides of a measurement run.
#ifndef WD_BENCH_PATH_PLACEMENT_HPP_
#define WD_BENCH_PATH_PLACEMENT_HPP_

namespace wd::bench {

// This process, and what it starts from now on, keeps to so many CPUs.
void keep_to_cpus(unsigned count);

// The caller's thread on one CPU and all others on another, so that it is two cores that are
// measured and not what a scheduler makes of a busy machine. Nothing where there is only one.
void place_apart();

}  // namespace wd::bench

#endif  // WD_BENCH_PATH_PLACEMENT_HPP_
