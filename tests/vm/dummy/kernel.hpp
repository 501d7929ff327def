// What kernel the virtual machine runs.
#ifndef WD_TESTS_VM_DUMMY_KERNEL_HPP_
#define WD_TESTS_VM_DUMMY_KERNEL_HPP_

#include <fstream>
#include <iterator>
#include <string>

namespace wd::test {

// The one that watches itself, and takes its time for that. tests/vm/CMakeLists.txt gives it this
// word.
inline bool on_instrumented_kernel() {
  std::ifstream file("/proc/cmdline");
  const std::string line((std::istreambuf_iterator<char>(file)), {});
  return line.find("wd_long") != std::string::npos;
}

}  // namespace wd::test

#endif  // WD_TESTS_VM_DUMMY_KERNEL_HPP_
