// Compares the OpenSSL provider with the default one in one process, row by row, and writes what it
// measured as JSON. What the rows mean and what is required of them is said in bench/README.md.

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "fail.hpp"
#include "in_turns.hpp"
#include "json_object.hpp"
#include "output_file.hpp"
#include "row.hpp"
#include "run_options.hpp"

namespace wd::bench {
namespace {

constexpr const char* kUsage =
    "usage: wd-bench-crypto [options]\n"
    "  --modules FOLDER  where wd.so is (../lib/ossl-modules beside this program)\n"
    "  --out FILE        write the JSON there (standard output)\n"
    "  --rows FILE       only the rows whose ids stand in FILE, one a line\n"
    "  --rounds N        rounds for each row (9; with --quick 5)\n"
    "  --quick           shorter samples and fewer rows\n"
    "  --list            describe the rows, a JSON object a line, and stop\n";

struct Effort {
  unsigned rounds;
  double min_seconds;  // of one timed sample
};
constexpr Effort kFull{9, 0.010};
constexpr Effort kQuick{5, 0.004};

struct Options {
  RunOptions run;
  std::string modules;
};

Options parse_options(int argc, char** argv) {
  Options options;
  const OwnOption own[] = {
      {"modules", true, [&](const char* value) { options.modules = value; }},
  };
  options.run = parse_run_options(argc, argv, kUsage, own);
  if (options.modules.empty()) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    options.modules = program.parent_path().parent_path() / "lib" / "ossl-modules";
  }
  return options;
}

void describe(JsonObject& object, const Row& row) {
  object.text("id", row.id()).text("operation", row.operation).text("algorithm", row.algorithm);
  if (row.bytes) object.integer("bytes", *row.bytes);
  if (row.jobs != 0) object.integer("jobs", row.jobs);
}

void require_same(const Task& stock, const Task& ours, const Row& row) {
  require(stock.output() == ours.output(), "results differ", row.id());
}

void add_side(JsonObject& object, const std::string& side, const Row& row, double seconds,
              double operations) {
  object.number(side + "_nanoseconds", seconds / operations * 1e9);
  if (row.bytes)
    object.number(side + "_bytes_per_second",
                  static_cast<double>(*row.bytes) * operations / seconds);
}

// Jobs that wait for each other are asked how long it takes; all others, what it costs.
void add_times(JsonObject& object, const Row& row, const Turns& turns) {
  const bool elapsed = row.jobs != 0;
  const Quartiles& ratio = elapsed ? turns.elapsed_ratio : turns.cpu_ratio;
  object.text("clock", elapsed ? "elapsed" : "cpu")
      .number("speed_ratio", ratio.median)
      .number("speed_ratio_lower_quartile", ratio.lower)
      .number("speed_ratio_upper_quartile", ratio.upper);
  if (elapsed) object.number("cpu_ratio", turns.cpu_ratio.median);
  const double operations = static_cast<double>(turns.repeats) * std::max(row.jobs, 1U);
  add_side(object, "stock", row, elapsed ? turns.stock_elapsed_seconds : turns.stock_cpu_seconds,
           operations);
  add_side(object, "our", row, elapsed ? turns.our_elapsed_seconds : turns.our_cpu_seconds,
           operations);
}

std::string measure(const Row& row, const Effort& effort, const Library& stock,
                    const Library& ours) {
  const TaskPtr theirs = row.make(stock);
  const TaskPtr own = row.make(ours);
  for (const unsigned operations : {1U, 3U}) {
    theirs->run(operations);
    own->run(operations);
    require_same(*theirs, *own, row);
  }
  const Turns turns =
      in_turns([&](unsigned repeats) { theirs->run(repeats); },
               [&](unsigned repeats) { own->run(repeats); }, effort.rounds, effort.min_seconds);
  require_same(*theirs, *own, row);
  JsonObject object;
  describe(object, row);
  object.boolean("accelerated", !row.implementation.empty() && ours.accelerates(row.implementation))
      .integer("rounds", effort.rounds);
  add_times(object, row, turns);
  std::fprintf(stderr, "%-44s %6.2fx\n", row.id().c_str(),
               (row.jobs != 0 ? turns.elapsed_ratio : turns.cpu_ratio).median);
  return object.str();
}

std::string report(const Options& options) {
  const Library stock("default", "");
  const Library ours("wd", options.modules);
  Effort effort = options.run.quick ? kQuick : kFull;
  if (options.run.rounds != 0) effort.rounds = options.run.rounds;

  std::vector<std::string> rows;
  for (const Row& row : wanted_of(all_rows(options.run.quick), options.run)) {
    rows.push_back("\n  " + measure(row, effort, stock, ours));
  }
  JsonObject object;
  object.text("stock_version", OpenSSL_version(OPENSSL_VERSION))
      .text("module_path", options.modules + "/wd.so")
      .text("mode", options.run.quick ? "quick" : "full")
      .list("rows", rows, ",");
  return object.str() + "\n";
}

}  // namespace
}  // namespace wd::bench

int main(int argc, char** argv) {
  using namespace wd::bench;
  const Options options = parse_options(argc, argv);
  if (options.run.list) {
    for (const Row& row : all_rows(options.run.quick)) {
      JsonObject object;
      describe(object, row);
      std::puts(object.str().c_str());
    }
    return 0;
  }
  write_output(report(options), options.run.out);
  return 0;
}
