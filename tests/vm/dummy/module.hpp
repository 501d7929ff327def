// wd_dummy.ko itself: what it holds, and whether it goes.
#ifndef WD_TESTS_VM_DUMMY_MODULE_HPP_
#define WD_TESTS_VM_DUMMY_MODULE_HPP_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>

namespace wd::test {

// How many stretches of kernel memory the module holds for queues.
inline int mapped_by_the_module() {
  std::ifstream file("/proc/vmallocinfo");
  int count = 0;
  for (std::string line; std::getline(file, line);)
    count += line.find("[wd_dummy]") != std::string::npos ? 1 : 0;
  return count;
}

inline int unload() {
  return syscall(SYS_delete_module, "wd_dummy", O_NONBLOCK) == 0 ? 0 : errno;
}

// Threads of the kernel's may have a copy to end.
inline int unload_when_idle() {
  int failed = unload();
  for (int tries = 0; failed == EAGAIN && tries < 300; ++tries) {
    usleep(10'000);
    failed = unload();
  }
  return failed;
}

inline void load() {
  ASSERT_EQ(std::system("modprobe wd_dummy"), 0);
}

}  // namespace wd::test

#endif  // WD_TESTS_VM_DUMMY_MODULE_HPP_
