#ifndef WD_BENCH_COMMON_RUN_OPTIONS_HPP_
#define WD_BENCH_COMMON_RUN_OPTIONS_HPP_

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fail.hpp"

namespace wd::bench {

// What every comparison can be told.
struct RunOptions {
  std::string out;      // file for the JSON; standard output if empty
  std::string rows;     // file with the ids of the rows wanted, one a line; all if empty
  unsigned rounds = 0;  // 0: as many as the mode has
  bool quick = false;
  bool list = false;  // describe the rows and stop
};

// An option of one comparison alone: called with its argument, which is null if it takes none.
struct OwnOption {
  const char* name;
  bool has_argument;
  std::function<void(const char*)> take;
};

// Ends the program when the command line is wrong, or asks for `usage`.
RunOptions parse_run_options(int argc, char** argv, const char* usage,
                             std::span<const OwnOption> own);

std::set<std::string> ids_in(const std::string& path);

// Those that the options ask for.
template <class Row>
std::vector<Row> wanted_of(std::vector<Row> rows, const RunOptions& options) {
  if (options.rows.empty()) return rows;
  std::set<std::string> wanted = ids_in(options.rows);
  std::erase_if(rows, [&](const Row& row) { return wanted.erase(row.id()) == 0; });
  if (!wanted.empty()) fail("no such row", *wanted.begin());
  return rows;
}

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_RUN_OPTIONS_HPP_
