#include "paired_run.hpp"

namespace wd::bench {

PairedResult run_paired(Workload& workload, const ZlibAbi& stock, const ZlibAbi& shim,
                        unsigned rounds, double min_seconds) {
  workload.verify(stock, stock);
  workload.verify(shim, stock);
  PairedResult result{};
  result.stock_bytes_out = workload.run(stock);
  result.shim_bytes_out = workload.run(shim);
  result.rounds = rounds;

  const auto with = [&workload](const ZlibAbi& zlib) {
    return [&workload, &zlib](unsigned repeats) {
      for (unsigned i = 0; i < repeats; ++i) workload.run(zlib);
    };
  };
  const Turns turns = in_turns(with(stock), with(shim), rounds, min_seconds);
  const auto bytes = static_cast<double>(workload.plain_bytes()) * turns.repeats;
  result.speed_ratio = turns.cpu_ratio;
  result.stock_bytes_per_second = bytes / turns.stock_cpu_seconds;
  result.shim_bytes_per_second = bytes / turns.our_cpu_seconds;
  return result;
}

}  // namespace wd::bench
