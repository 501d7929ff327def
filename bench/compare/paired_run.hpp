#ifndef WD_BENCH_COMPARE_PAIRED_RUN_HPP_
#define WD_BENCH_COMPARE_PAIRED_RUN_HPP_

#include <cstdint>

#include "in_turns.hpp"
#include "workload.hpp"

namespace wd::bench {

struct PairedResult {
  Quartiles speed_ratio;          // shim's speed over stock's, one value per round
  double stock_bytes_per_second;  // median
  double shim_bytes_per_second;
  std::uint64_t stock_bytes_out;
  std::uint64_t shim_bytes_out;
  unsigned rounds;
};

// Runs the workload through both libraries in turns. Results are verified before. Another decoder
// may stand in stock's place.
PairedResult run_paired(Workload& workload, const ZlibAbi& stock, const ZlibAbi& shim,
                        unsigned rounds, double min_seconds);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_PAIRED_RUN_HPP_
