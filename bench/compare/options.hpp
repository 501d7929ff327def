#ifndef WD_BENCH_COMPARE_OPTIONS_HPP_
#define WD_BENCH_COMPARE_OPTIONS_HPP_

#include <string>

#include "run_options.hpp"

namespace wd::bench {

struct Options {
  RunOptions run;
  std::string stock = "libz.so.1";
  std::string shim;
  std::string corpora;
  bool references = true;
};

// Ends the program when the command line is wrong.
Options parse_options(int argc, char** argv);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_OPTIONS_HPP_
