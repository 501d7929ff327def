#ifndef WD_BENCH_COMMON_OUTPUT_FILE_HPP_
#define WD_BENCH_COMMON_OUTPUT_FILE_HPP_

#include <string>

namespace wd::bench {

// To standard output if `path` is empty.
void write_output(const std::string& text, const std::string& path);

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_OUTPUT_FILE_HPP_
