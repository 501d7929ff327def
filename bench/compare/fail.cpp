#include "fail.hpp"

#include <cstdio>
#include <cstdlib>

namespace wd::bench {

void fail(std::string_view what, std::string_view detail) {
  std::fprintf(stderr, "wd-bench-compare: %.*s%s%.*s\n", static_cast<int>(what.size()), what.data(),
               detail.empty() ? "" : ": ", static_cast<int>(detail.size()), detail.data());
  std::exit(2);
}

}  // namespace wd::bench
