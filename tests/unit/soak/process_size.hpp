// What this process holds: descriptors, and memory.
#ifndef WD_TESTS_UNIT_SOAK_PROCESS_SIZE_HPP_
#define WD_TESTS_UNIT_SOAK_PROCESS_SIZE_HPP_

#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

#include <climits>
#include <cstddef>
#include <fstream>
#include <string>

namespace wd::test {

struct ProcessSize {
  std::size_t sockets = 0;  // what emulated queues are
  std::size_t other_descriptors = 0;
  std::size_t heap_bytes = 0;
  std::size_t resident_bytes = 0;
  std::size_t mappings = 0;
  std::size_t threads = 0;
};

inline ProcessSize process_size() {
  ProcessSize size;
  DIR* folder = opendir("/proc/self/fd");
  while (folder != nullptr) {
    const dirent* entry = readdir(folder);
    if (entry == nullptr) break;
    char target[PATH_MAX];
    const std::string path = std::string("/proc/self/fd/") + entry->d_name;
    const ssize_t bytes = readlink(path.c_str(), target, sizeof(target));
    if (bytes <= 0) continue;
    const bool socket = std::string(target, static_cast<std::size_t>(bytes)).starts_with("socket:");
    ++(socket ? size.sockets : size.other_descriptors);
  }
  if (folder != nullptr) closedir(folder);
  const struct mallinfo2 heap = mallinfo2();
  size.heap_bytes = heap.uordblks + heap.hblkhd;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) size.resident_bytes = std::stoul(line.substr(6)) * 1024;
    if (line.starts_with("Threads:")) size.threads = std::stoul(line.substr(8));
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) ++size.mappings;
  return size;
}

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_SOAK_PROCESS_SIZE_HPP_
