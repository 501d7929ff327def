// How a fuzz target says that the two libraries differ.
#ifndef WD_TESTS_FUZZ_FAIL_HPP_
#define WD_TESTS_FUZZ_FAIL_HPP_

#include <cstdio>
#include <cstdlib>
#include <string>

namespace wd::test {

inline void fail_if(const std::string& difference) {
  if (difference.empty()) return;
  std::fprintf(stderr, "%s\n", difference.c_str());
  std::abort();
}

}  // namespace wd::test

#endif  // WD_TESTS_FUZZ_FAIL_HPP_
