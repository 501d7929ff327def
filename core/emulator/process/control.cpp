#include "process/control.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

namespace wd::emulator {
namespace {

std::optional<unsigned> number_in(std::string_view text) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

long set_faults(HostedDevice& device, std::string_view value) {
  if (value.empty()) {
    device.model().faults().replace({});
    return 0;
  }
  auto rules = parse_faults(value);
  if (!rules) return -EINVAL;
  device.model().faults().replace(std::move(*rules));
  return 0;
}

long add_faults(HostedDevice& device, std::string_view value) {
  auto rules = parse_faults(value);
  if (!rules) return -EINVAL;
  device.model().faults().add(*rules);
  return 0;
}

long set_delay(HostedDevice& device, std::string_view value) {
  const auto milliseconds = number_in(value);
  if (!milliseconds) return -EINVAL;
  device.model().set_delay(std::chrono::milliseconds(*milliseconds));
  return 0;
}

long set_isolate_strategy(HostedDevice& device, std::string_view value) {
  const auto threshold = number_in(value);
  if (!threshold || *threshold > 65535) return -EINVAL;
  return device.model().set_isolate_strategy(*threshold) ? 0 : -EPERM;
}

long stop_queue(HostedDevice& device, std::string_view value) {
  const auto queue = number_in(value);
  if (!queue || *queue >= device.options().queues) return -EINVAL;
  device.model().fail_queue(*queue, true);
  return 0;
}

long reset(HostedDevice& device, std::string_view value) {
  if (!value.empty() && value != "blocked") return -EINVAL;
  device.model().reset(value.empty());
  return 0;
}

long remove(HostedDevice& device, std::string_view) {
  device.model().remove();
  return 0;
}

long count_error(HostedDevice& device, std::string_view) {
  device.model().count_error();
  return 0;
}

struct Count {
  std::string_view name;
  long (*get)(Device& model);
};

constexpr std::array kCounts{
    Count{"requests", [](Device& d) { return static_cast<long>(d.requests()); }},
    Count{"completions", [](Device& d) { return static_cast<long>(d.completions()); }},
    Count{"interrupts", [](Device& d) { return static_cast<long>(d.interrupts()); }},
    Count{"resets", [](Device& d) { return static_cast<long>(d.resets()); }},
    Count{"sleeps", [](Device& d) { return static_cast<long>(d.sleeps()); }},
    Count{"threads_asleep", [](Device& d) { return static_cast<long>(d.threads_asleep()); }},
    Count{"free_queues", [](Device& d) { return static_cast<long>(d.free_queues()); }},
};

long get(HostedDevice& device, std::string_view value) {
  for (const Count& row : kCounts)
    if (row.name == value) return row.get(device.model());
  return -EINVAL;
}

struct Command {
  std::string_view name;
  long (*run)(HostedDevice& device, std::string_view value);
};

constexpr std::array kCommands{
    Command{"fault", set_faults}, Command{"also_fault", add_faults},
    Command{"delay", set_delay},  Command{"isolate_strategy", set_isolate_strategy},
    Command{"stop", stop_queue},  Command{"reset", reset},
    Command{"remove", remove},    Command{"error", count_error},
    Command{"get", get},
};

}  // namespace

long control(World& world, std::string_view device, std::string_view command) {
  const std::size_t end = std::min(command.find('='), command.size());
  const std::string_view name = command.substr(0, end);
  const std::string_view value = command.substr(std::min(end + 1, command.size()));
  const auto* row = std::find_if(kCommands.begin(), kCommands.end(),
                                 [name](const Command& each) { return each.name == name; });
  if (row == kCommands.end()) return -EINVAL;
  for (const auto& each : world.devices())
    if (each->name() == device) return row->run(*each, value);
  return -ENODEV;
}

}  // namespace wd::emulator
