// How much CPU time requests take of those who make them, and how many there are in a second.
#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "clocks.hpp"
#include "fail.hpp"
#include "hisi/qm/queue_pool.hpp"
#include "hisi/zip/lane.hpp"
#include "pipeline.hpp"
#include "placement.hpp"
#include "row.hpp"

namespace wd::bench {
namespace {

struct Sample {
  double cpu = 0;      // seconds of the callers' threads
  double elapsed = 0;  // seconds that passed
  double requests = 0;
};

double quantile(std::vector<double> values, double at) {
  const auto place = static_cast<std::size_t>(at * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place),
                   values.end());
  return values[place];
}

// Calls `one_more` for so long, and says how often: time is asked for once in a while.
template <class OneMore>
Sample timed(double seconds, OneMore&& one_more) {
  constexpr unsigned kBetween = 512;
  Sample sample;
  const double began = seconds_of(CLOCK_MONOTONIC);
  const double cpu_began = cpu_seconds();
  do {
    for (unsigned i = 0; i < kBetween; ++i) one_more();
    sample.requests += kBetween;
    sample.elapsed = seconds_of(CLOCK_MONOTONIC) - began;
  } while (sample.elapsed < seconds);
  sample.cpu = cpu_seconds() - cpu_began;
  return sample;
}

class Caller {
 public:
  Caller(const PathDevice& device, const Row& row, hisi::Queue* shared) {
    for (unsigned i = 0; i < std::max(row.queues, 1U); ++i) {
      hisi::Queue* queue = shared != nullptr ? shared : device.open_queue();
      pipelines_.emplace_back(*queue, device.dialect(), row.depth);
    }
  }
  Sample run(double seconds) {
    const Sample sample = timed(seconds, [this] {
      pipelines_[next_].step();
      if (++next_ == pipelines_.size()) next_ = 0;
    });
    // An answer that nobody fetches keeps its slot from others on the queue.
    for (Pipeline& pipeline : pipelines_) pipeline.drain();
    return sample;
  }

 private:
  std::vector<Pipeline> pipelines_;
  std::size_t next_ = 0;
};

// All callers at once. Elapsed time is the longest of theirs.
Sample sample_of(std::vector<std::unique_ptr<Caller>>& callers, double seconds) {
  std::vector<Sample> samples(callers.size());
  std::atomic<unsigned> ready{0};
  const auto run = [&](std::size_t i) {
    ready.fetch_add(1);
    while (ready.load() != callers.size()) std::this_thread::yield();
    samples[i] = callers[i]->run(seconds);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < callers.size(); ++i) threads.emplace_back(run, i);
  run(0);
  for (std::thread& thread : threads) thread.join();
  Sample sum;
  for (const Sample& one : samples) {
    sum.cpu += one.cpu;
    sum.requests += one.requests;
    sum.elapsed = std::max(sum.elapsed, one.elapsed);
  }
  return sum;
}

void write(const std::vector<Sample>& samples, JsonObject& to) {
  std::vector<double> cpu;
  std::vector<double> rate;
  for (const Sample& sample : samples) {
    cpu.push_back(sample.cpu / sample.requests * 1e9);
    rate.push_back(sample.requests / sample.elapsed);
  }
  const double median = quantile(cpu, 0.5);
  to.number("cpu_nanoseconds", median)
      .number("undisturbed_cpu_nanoseconds", quantile(cpu, 0.1))
      .number("cpu_nanoseconds_lower_quartile", quantile(cpu, 0.25))
      .number("cpu_nanoseconds_upper_quartile", quantile(cpu, 0.75))
      .number("requests_per_cpu_second", 1e9 / median)
      .number("requests_per_second", quantile(rate, 0.5));
}

constexpr const char* kAlgorithms[] = {"zlib"};

// One request at a time on a queue that is leased for it.
std::vector<Sample> leased(const PathDevice& device, const Effort& effort) {
  hisi::PoolSettings settings;
  settings.calls = &device.calls();
  settings.family = "hisi_zip";
  settings.algorithms = kAlgorithms;
  settings.tag_word = [](unsigned version) noexcept {
    return hisi::zip::dialect_of(version).tag_word;
  };
  settings.least_work_bytes = 0;
  hisi::QueuePool* pool = *hisi::QueuePool::create(settings);
  std::vector<Sample> samples;
  for (unsigned i = 0; i < effort.samples(); ++i)
    samples.push_back(timed(effort.seconds, [&] {
      const hisi::QueuePool::Lease lease = pool->lease({0, QueueKind{0}, 4096});
      require(static_cast<bool>(lease), "a pool has no queue");
      Pipeline pipeline(lease.queue(), device.dialect(), 1);
      pipeline.submit();
      pipeline.finish_one();
    }));
  hisi::QueuePool::destroy(pool);
  return samples;
}

}  // namespace

void measure_throughput(const Row& row, const Effort& effort, JsonObject& to) {
  const PathDevice device(row);
  if (row.through_pool) return write(leased(device, effort), to);
  hisi::Queue* shared = nullptr;
  if (row.queues == 0) {
    shared = device.open_queue();
    shared->share(hisi::Sharing::many);
  }
  std::vector<std::unique_ptr<Caller>> callers;
  for (unsigned i = 0; i < row.threads; ++i)
    callers.push_back(std::make_unique<Caller>(device, row, shared));
  // Where callers are several, their place is the scheduler's affair.
  if (row.threads == 1) place_apart();
  sample_of(callers, effort.seconds);
  std::vector<Sample> samples;
  for (unsigned i = 0; i < effort.samples(); ++i)
    samples.push_back(sample_of(callers, effort.seconds));
  write(samples, to);
}

}  // namespace wd::bench
