#ifndef WD_BENCH_COMMON_FAIL_HPP_
#define WD_BENCH_COMMON_FAIL_HPP_

#include <string_view>

namespace wd::bench {

// Ends the program with a message. A comparison whose set-up or result is wrong has no figure
// worth printing, so nothing here is recovered from.
[[noreturn]] void fail(std::string_view what, std::string_view detail = {});

// fail() with `what` unless `holds`.
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
  if (!holds) fail(what, detail);
}

}  // namespace wd::bench

#endif  // WD_BENCH_COMMON_FAIL_HPP_
