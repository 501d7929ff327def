// Measures the path to a device and back on engines that compute nothing, and writes what it
// measured as JSON. What the rows mean and what is required of them is said in bench/README.md.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fail.hpp"
#include "output_file.hpp"
#include "placement.hpp"
#include "row.hpp"
#include "run_options.hpp"
#include "system_calls.hpp"

namespace wd::bench {
namespace {

constexpr const char* kUsage =
    "usage: wd-bench-path [options]\n"
    "  --out FILE            write the JSON there (standard output)\n"
    "  --rows FILE           only the rows whose ids stand in FILE, one a line\n"
    "  --rounds N            rounds of 20 samples for each row (15; with --quick 5)\n"
    "  --quick               shorter samples and fewer rows\n"
    "  --list                describe the rows, a JSON object a line, and stop\n"
    "  --flow ID             only let requests of that row flow, for somebody who watches\n"
    "  --count-system-calls  fails if there are system calls while requests flow\n";

// Many short samples: where a neighbour takes a CPU away from one side, the other one waits for it
// in a few of them, and the median is that of the others.
constexpr Effort kFull{15, 20, 0.002};
constexpr Effort kQuick{5, 20, 0.002};

void describe(JsonObject& object, const Row& row) {
  object.text("id", row.id())
      .text("operation", row.operation)
      .text("engine", row.engine)
      .text("api", row.api)
      .integer("depth", row.depth)
      .integer("threads", row.threads)
      .integer("queues", row.queues);
}

void measure_here(const Row& row, const Effort& effort, JsonObject& to) {
  if (row.cpus != 0) keep_to_cpus(row.cpus);
  switch (row.kind) {
    case Row::Kind::throughput:
      return measure_throughput(row, effort, to);
    case Row::Kind::latency:
      return measure_latency(row, effort, to);
    case Row::Kind::system_calls:
      return measure_system_calls(row, effort, to);
  }
}

// In a child, with which the devices of the row end: their threads do not run beside the next one.
std::string measure(const Row& row, const Effort& effort) {
  int ends[2];
  require(pipe(ends) == 0, "no pipe");
  const pid_t child = fork();
  if (child == 0) {
    JsonObject object;
    describe(object, row);
    measure_here(row, effort, object);
    const std::string text = object.str();
    const bool written =
        write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  char piece[4096];
  for (ssize_t bytes = 0; (bytes = read(ends[0], piece, sizeof(piece))) > 0;)
    text.append(piece, static_cast<std::size_t>(bytes));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  require(status == 0 && !text.empty(), "a row was not measured", row.id());
  return text;
}

int run(const RunOptions& options) {
  const std::vector<Row> rows = wanted_of(all_rows(options.quick), options);
  if (options.list) {
    for (const Row& row : rows) {
      JsonObject object;
      describe(object, row);
      std::printf("%s\n", object.str().c_str());
    }
    return 0;
  }
  Effort effort = options.quick ? kQuick : kFull;
  if (options.rounds != 0) effort.rounds = options.rounds;
  std::vector<std::string> measured;
  for (const Row& row : rows) measured.push_back(measure(row, effort));
  JsonObject object;
  object.text("mode", options.quick ? "quick" : "full")
      .integer("rounds", effort.rounds)
      .integer("samples", effort.samples())
      .number("sample_seconds", effort.seconds)
      .list("rows", measured, ",\n ");
  write_output(object.str() + "\n", options.out);
  return 0;
}

int flow_of(const std::string& id) {
  for (const Row& row : all_rows(false))
    if (row.id() == id) {
      flow(row);
      return 0;
    }
  fail("no such row", id);
}

}  // namespace
}  // namespace wd::bench

int main(int argc, char** argv) {
  std::string flowing;
  bool counting = false;
  const wd::bench::OwnOption own[] = {
      {"flow", true, [&](const char* value) { flowing = value; }},
      {"count-system-calls", false, [&](const char*) { counting = true; }},
  };
  const wd::bench::RunOptions options =
      wd::bench::parse_run_options(argc, argv, wd::bench::kUsage, own);
  if (!flowing.empty()) return wd::bench::flow_of(flowing);
  if (counting) return wd::bench::check_system_calls();
  return wd::bench::run(options);
}
