#ifndef WD_BENCH_COMPARE_OPTIONS_HPP_
#define WD_BENCH_COMPARE_OPTIONS_HPP_

#include <string>

namespace wd::bench {

struct Options {
  std::string stock = "libz.so.1";
  std::string shim;
  std::string corpora;
  std::string out;      // file for the JSON; standard output if empty
  std::string rows;     // file with the ids of the rows wanted, one a line; all if empty
  unsigned rounds = 0;  // 0: as many as the mode has
  bool quick = false;
  bool references = true;
  bool list = false;  // describe the rows and stop
};

// Ends the program when the command line is wrong.
Options parse_options(int argc, char** argv);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_OPTIONS_HPP_
