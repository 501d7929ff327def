// What is measured of the path to a device, and what came of it.
#ifndef WD_BENCH_PATH_ROW_HPP_
#define WD_BENCH_PATH_ROW_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "json_object.hpp"

namespace wd::bench {

struct Row {
  enum class Kind : std::uint8_t { throughput, latency, system_calls };

  Kind kind;
  std::string operation;
  std::string engine;  // of the emulator
  unsigned depth;      // requests that a thread keeps in flight on each of its queues
  unsigned threads = 1;
  unsigned queues = 1;        // of each thread; 0: one that all threads share
  unsigned cpus = 0;          // that both sides run on; 0: all there are
  std::string api = "v3";     // of the device
  bool through_pool = false;  // leases a queue for each request, as the ZIP engine does

  [[nodiscard]] std::string id() const;
};

std::vector<Row> all_rows(bool quick);

struct Effort {
  unsigned rounds;
  unsigned samples_per_round;
  double seconds;  // of one sample

  [[nodiscard]] unsigned samples() const { return rounds * samples_per_round; }
};

// The measured members of a row. They run in a process of their own, which ends after it.
void measure_throughput(const Row& row, const Effort& effort, JsonObject& to);
void measure_latency(const Row& row, const Effort& effort, JsonObject& to);
void measure_system_calls(const Row& row, const Effort& effort, JsonObject& to);

}  // namespace wd::bench

#endif  // WD_BENCH_PATH_ROW_HPP_
