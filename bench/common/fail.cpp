#include "fail.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace wd::bench {

void fail(std::string_view what, std::string_view detail) {
  std::fprintf(stderr, "%s: %.*s%s%.*s\n", program_invocation_short_name,
               static_cast<int>(what.size()), what.data(), detail.empty() ? "" : ": ",
               static_cast<int>(detail.size()), detail.data());
  std::exit(2);
}

}  // namespace wd::bench
