#include "paired_run.hpp"

#include <algorithm>
#include <vector>

#include "cpu_clock.hpp"

namespace wd::bench {
namespace {

double timed(Workload& workload, const ZlibAbi& zlib, unsigned repeats) {
  const double start = cpu_seconds();
  for (unsigned i = 0; i < repeats; ++i) workload.run(zlib);
  return cpu_seconds() - start;
}

// The least power of two with which the faster library is busy long enough.
unsigned repeats_for(Workload& workload, const ZlibAbi& stock, const ZlibAbi& shim,
                     double min_seconds) {
  unsigned repeats = 1;
  while (std::min(timed(workload, stock, repeats), timed(workload, shim, repeats)) < min_seconds) {
    repeats *= 2;
  }
  return repeats;
}

// Linear between neighbours, as most tools do it.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Quartiles quartiles(std::vector<double> values) {
  std::ranges::sort(values);
  return {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

}  // namespace

PairedResult run_paired(Workload& workload, const ZlibAbi& stock, const ZlibAbi& shim,
                        unsigned rounds, double min_seconds) {
  workload.verify(stock, stock);
  workload.verify(shim, stock);
  PairedResult result{};
  result.stock_bytes_out = workload.run(stock);
  result.shim_bytes_out = workload.run(shim);
  result.rounds = rounds;

  const unsigned repeats = repeats_for(workload, stock, shim, min_seconds);
  std::vector<double> stock_seconds;
  std::vector<double> shim_seconds;
  std::vector<double> ratios;
  for (unsigned round = 0; round < rounds; ++round) {
    const bool stock_first = round % 2 == 0;
    if (stock_first) stock_seconds.push_back(timed(workload, stock, repeats));
    shim_seconds.push_back(timed(workload, shim, repeats));
    if (!stock_first) stock_seconds.push_back(timed(workload, stock, repeats));
    ratios.push_back(stock_seconds.back() / shim_seconds.back());
  }
  const auto bytes = static_cast<double>(workload.plain_bytes()) * repeats;
  result.speed_ratio = quartiles(std::move(ratios));
  result.stock_bytes_per_second = bytes / quartiles(std::move(stock_seconds)).median;
  result.shim_bytes_per_second = bytes / quartiles(std::move(shim_seconds)).median;
  return result;
}

}  // namespace wd::bench
