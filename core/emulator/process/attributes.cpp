// The files under /sys/class/uacce/<name>.
#include <algorithm>
#include <array>

#include "model/description.hpp"
#include "process/hosted_device.hpp"

namespace wd::emulator {
namespace {

std::string line(std::uint64_t number) {
  return std::to_string(number) + "\n";
}

std::string api(const HostedDevice& device) {
  std::string text(api_name(device.options().api));
  if (!device.options().shared_addresses) text += "_noiommu";
  return text + "\n";
}

std::string algorithms(const HostedDevice& device) {
  return std::string(algorithm_names(device.options().api));
}

std::string flags(const HostedDevice& device) {
  constexpr std::uint64_t kSharedAddresses = 1;
  constexpr std::uint64_t kNoIommu = 2;
  return line(device.options().shared_addresses ? kSharedAddresses : kNoIommu);
}

struct Attribute {
  std::string_view name;
  std::string (*show)(const HostedDevice& device);
  bool (*is_there)(const HostedDevice& device);
};

bool always(const HostedDevice&) {
  return true;
}
bool if_isolating(const HostedDevice& device) {
  return device.options().kernel.isolates;
}

constexpr std::array kAttributes{
    Attribute{"algorithms", algorithms, always},
    Attribute{"api", api, always},
    Attribute{"available_instances", [](const HostedDevice& d) { return line(d.free_queues()); },
              always},
    Attribute{"device/numa_node",
              [](const HostedDevice& d) { return std::to_string(d.options().numa_node) + "\n"; },
              always},
    Attribute{"flags", flags, always},
    Attribute{"isolate", [](const HostedDevice& d) { return line(d.is_isolated() ? 1 : 0); },
              if_isolating},
    Attribute{"isolate_strategy", [](const HostedDevice& d) { return line(d.isolate_strategy()); },
              if_isolating},
    Attribute{"region_dus_size",
              [](const HostedDevice& d) { return line(d.layout().total_bytes()); }, always},
    Attribute{"region_mmio_size",
              [](const HostedDevice& d) {
                return line(d.arena().stretch(Region::registers).bytes_each());
              },
              always},
};

}  // namespace

std::optional<std::string> HostedDevice::attribute(std::string_view name) const {
  for (const Attribute& row : kAttributes)
    if (row.name == name && row.is_there(*this)) return row.show(*this);
  return std::nullopt;
}

std::vector<std::string_view> HostedDevice::attributes() const {
  std::vector<std::string_view> names;
  for (const Attribute& row : kAttributes)
    if (row.is_there(*this)) names.push_back(row.name);
  return names;
}

}  // namespace wd::emulator
