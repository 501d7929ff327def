#include "device_access.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <tuple>

#include "device/emulator_module.hpp"
#include "wd/config.hpp"

namespace wd::ctl {

namespace {

// "hisi_zip-10" comes behind "hisi_zip-2".
std::tuple<std::string_view, unsigned, std::string_view> order_of(std::string_view name) {
  const std::size_t hyphen = name.rfind('-');
  unsigned number = 0;
  if (hyphen != std::string_view::npos)
    std::from_chars(name.data() + hyphen + 1, name.data() + name.size(), number);
  return {name.substr(0, hyphen), number, name};
}

}  // namespace

std::optional<DeviceAccess> reach_devices(const Roots& roots) {
  Config config;
  // A WD_EMULATE that is not understood must not end in a look at the machine's own devices.
  if (const auto loaded = config.load(); !loaded) {
    std::fprintf(stderr, "wdctl: configuration: %s\n", loaded.error().text);
    return std::nullopt;
  }
  if (config.emulate[0] == '\0') return DeviceAccess{kernel_calls(), roots, false};
  const auto opened = open_emulator(config.emulate);
  if (!opened) {
    std::fprintf(stderr, "wdctl: WD_EMULATE: %s\n", opened.error().text);
    return std::nullopt;
  }
  return DeviceAccess{*opened, roots, true};
}

std::vector<std::string> device_names(const DeviceAccess& access) {
  std::vector<std::string> names;
  access.calls.list_folder(access.calls.world, access.roots.sysfs, &names,
                           [](void* user, const char* name) noexcept {
                             static_cast<std::vector<std::string>*>(user)->emplace_back(name);
                           });
  std::sort(names.begin(), names.end(), [](const std::string& one, const std::string& other) {
    return order_of(one) < order_of(other);
  });
  return names;
}

std::string api_of(const DeviceInfo& device) {
  if (device.api.version == 0) return "unknown";
  return "hisi_qm_v" + std::to_string(device.api.version) + (device.api.no_iommu ? "_noiommu" : "");
}

std::string algorithms_of(const DeviceInfo& device) {
  std::string text(device.algorithms, device.algorithms_bytes);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& letter : text)
    if (letter == '\n')
      letter = ' ';
    else if (std::isprint(static_cast<unsigned char>(letter)) == 0)
      letter = '?';
  return text.empty() ? "-" : text;
}

std::string numa_node_of(const DeviceInfo& device) {
  return device.numa_node < 0 ? "-" : std::to_string(device.numa_node);
}

std::string free_queues_of(const DeviceAccess& access, const DeviceInfo& device) {
  const auto free = available_instances(access.calls, access.roots, device.name);
  return free ? std::to_string(*free) : "-";
}

std::string health_of(const DeviceAccess& access, const DeviceInfo& device) {
  if (isolated_now(access.calls, access.roots, device.name)) return "isolated by the kernel";
  if (device.api.version == 0) return "of an unknown kind";
  const std::string path = std::string(access.roots.dev) + '/' + device.name;
  // Emulated ones are nowhere on disk.
  if (!access.emulated && ::access(path.c_str(), R_OK | W_OK) != 0)
    return path + ": " + std::strerror(errno);
  return "good";
}

}  // namespace wd::ctl
