#include "in_turns.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "clocks.hpp"

namespace wd::bench {
namespace {

struct Seconds {
  double cpu;
  double elapsed;
};

Seconds timed(const Work& work, unsigned repeats) {
  const double elapsed = elapsed_seconds();
  const double cpu = cpu_seconds();
  work(repeats);
  return {cpu_seconds() - cpu, elapsed_seconds() - elapsed};
}

// The least power of two with which the faster one is busy long enough.
unsigned repeats_for(const Work& stock, const Work& ours, double min_seconds) {
  unsigned repeats = 1;
  while (std::min(timed(stock, repeats).cpu, timed(ours, repeats).cpu) < min_seconds) repeats *= 2;
  return repeats;
}

// Linear between neighbours, as most tools do it.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// Of a value of each round.
template <class Value>
Quartiles quartiles(const std::vector<std::pair<Seconds, Seconds>>& rounds, Value value) {
  std::vector<double> values;
  for (const auto& [stock, ours] : rounds) values.push_back(value(stock, ours));
  std::ranges::sort(values);
  return {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

}  // namespace

Turns in_turns(const Work& stock, const Work& ours, unsigned rounds, double min_seconds) {
  const unsigned repeats = repeats_for(stock, ours, min_seconds);
  std::vector<std::pair<Seconds, Seconds>> done(rounds);
  for (unsigned round = 0; round < rounds; ++round) {
    const bool stock_first = round % 2 == 0;
    if (stock_first) done[round].first = timed(stock, repeats);
    done[round].second = timed(ours, repeats);
    if (!stock_first) done[round].first = timed(stock, repeats);
  }
  using S = const Seconds&;
  return {repeats,
          quartiles(done, [](S theirs, S own) { return theirs.cpu / own.cpu; }),
          quartiles(done, [](S theirs, S own) { return theirs.elapsed / own.elapsed; }),
          quartiles(done, [](S theirs, S) { return theirs.cpu; }).median,
          quartiles(done, [](S, S own) { return own.cpu; }).median,
          quartiles(done, [](S theirs, S) { return theirs.elapsed; }).median,
          quartiles(done, [](S, S own) { return own.elapsed; }).median};
}

}  // namespace wd::bench
