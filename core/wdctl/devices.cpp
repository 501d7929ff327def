// wdctl devices: a row for each device that there is.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "command.hpp"
#include "device_access.hpp"

namespace wd::ctl {

namespace {

constexpr std::size_t kColumns = 6;
using Line = std::array<std::string, kColumns>;

Line line_of(const DeviceAccess& access, const std::string& name) {
  const auto device = read_device(access.calls, access.roots, name.c_str());
  if (!device) return {name, "-", "-", "-", device.error().text, "-"};
  return {name,
          api_of(*device),
          numa_node_of(*device),
          free_queues_of(access, *device),
          health_of(access, *device),
          algorithms_of(*device)};
}

void print(const std::vector<Line>& lines) {
  std::array<std::size_t, kColumns> widths{};
  for (const Line& line : lines)
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], line[i].size());
  for (const Line& line : lines) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i)
      std::printf("%-*s  ", static_cast<int>(widths[i]), line[i].c_str());
    std::printf("%s\n", line.back().c_str());
  }
}

}  // namespace

int devices(Arguments arguments) {
  if (!arguments.empty()) {
    std::fprintf(stderr, "usage: wdctl devices\n");
    return 2;
  }
  const auto access = reach_devices();
  if (!access) return 2;
  std::vector<Line> lines{{"device", "api", "node", "free", "health", "algorithms"}};
  for (const std::string& name : device_names(*access)) lines.push_back(line_of(*access, name));
  if (lines.size() == 1)
    std::printf("no device: nothing in %s; software is used\n", access->roots.sysfs);
  else
    print(lines);
  return 0;
}

}  // namespace wd::ctl
