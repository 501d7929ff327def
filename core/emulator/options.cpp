#include "options.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

namespace wd::emulator {
namespace {

constexpr std::array kKernels{
    KernelHabits{"5.10", true, false, false, false, false, false},
    KernelHabits{"6.1", false, false, false, false, false, false},
    KernelHabits{"6.19", false, true, true, false, false, true},
    KernelHabits{"kae", true, true, true, true, true, false},
};
constexpr std::string_view kUsualKernel = "6.19";

// More could not be told apart in a doorbell.
constexpr unsigned kMostQueues = 1024;
constexpr unsigned kMostDepth = 1 << 15;

Error invalid(const char* text) {
  return {Errc::invalid_argument, EINVAL, text};
}

template <class Number>
std::optional<Number> number_in(std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < least || value > most) return std::nullopt;
  return value;
}

// The part before `separator`, which is taken off with it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

template <class Value, std::size_t kCount>
bool choose(const std::array<Choice<Value>, kCount>& choices, std::string_view name, Value& into) {
  for (const Choice<Value>& choice : choices) {
    if (choice.name != name) continue;
    into = choice.value;
    return true;
  }
  return false;
}

template <class Number>
bool assign(std::string_view text, Number least, Number most, Number& into) {
  const auto value = number_in<Number>(text, least, most);
  if (value) into = *value;
  return value.has_value();
}

bool assign_milliseconds(std::string_view text, std::chrono::milliseconds& into) {
  const auto value = number_in<std::int64_t>(text, 0, 60'000);
  if (value) into = std::chrono::milliseconds(*value);
  return value.has_value();
}

bool set_api(DeviceOptions& device, std::string_view value) {
  static constexpr std::array<Choice<Api>, 2> kApis{{{"v2", Api::v2}, {"v3", Api::v3}}};
  return choose(kApis, value, device.api);
}

bool set_engine(DeviceOptions& device, std::string_view value) {
  static constexpr std::array<Choice<EngineKind>, 3> kEngines{
      {{"zip", EngineKind::zip},
       {"null", EngineKind::null},
       {"null-inline", EngineKind::null_inline}}};
  return choose(kEngines, value, device.engine);
}

bool set_kernel(DeviceOptions& device, std::string_view value) {
  const auto* row = std::find_if(kKernels.begin(), kKernels.end(),
                                 [value](const KernelHabits& k) { return k.name == value; });
  if (row == kKernels.end()) return false;
  device.kernel = *row;
  return true;
}

bool set_flag(std::string_view value, bool& into) {
  static constexpr std::array<Choice<bool>, 2> kFlags{{{"on", true}, {"off", false}}};
  return choose(kFlags, value, into);
}

bool set_removal(DeviceOptions& device, std::string_view value) {
  static constexpr std::array<Choice<bool>, 2> kRemovals{{{"quiet", false}, {"bus-error", true}}};
  return choose(kRemovals, value, device.removal_is_bus_error);
}

bool set_memory(DeviceOptions& device, std::string_view value) {
  static constexpr std::array<Choice<bool>, 2> kWays{{{"kernel", false}, {"direct", true}}};
  return choose(kWays, value, device.direct_memory);
}

bool set_faults(DeviceOptions& device, std::string_view value) {
  auto rules = parse_faults(value);
  if (!rules) return false;
  device.faults.insert(device.faults.end(), rules->begin(), rules->end());
  return true;
}

struct Parameter {
  std::string_view name;
  bool (*set)(DeviceOptions& device, std::string_view value);
};

constexpr std::array kParameters{
    Parameter{"api", set_api},
    Parameter{"engine", set_engine},
    Parameter{"kernel", set_kernel},
    Parameter{"memory", set_memory},
    Parameter{"removal", set_removal},
    Parameter{"fault", set_faults},
    Parameter{"devices",
              [](DeviceOptions& d, std::string_view v) { return assign(v, 1U, 16U, d.devices); }},
    Parameter{"queues", [](DeviceOptions& d,
                           std::string_view v) { return assign(v, 1U, kMostQueues, d.queues); }},
    Parameter{"depth", [](DeviceOptions& d,
                          std::string_view v) { return assign(v, 2U, kMostDepth, d.depth); }},
    Parameter{"threads",
              [](DeviceOptions& d, std::string_view v) { return assign(v, 1U, 16U, d.threads); }},
    Parameter{"numa", [](DeviceOptions& d,
                         std::string_view v) { return assign(v, -1, 1023, d.numa_node); }},
    Parameter{"sva",
              [](DeviceOptions& d, std::string_view v) { return set_flag(v, d.shared_addresses); }},
    Parameter{"isolate_strategy",
              [](DeviceOptions& d, std::string_view v) {
                return assign(v, 0U, 65535U, d.isolate_strategy);
              }},
    Parameter{"seed",
              [](DeviceOptions& d, std::string_view v) {
                return assign<std::uint64_t>(v, 0, ~0ULL, d.seed);
              }},
    Parameter{"delay",
              [](DeviceOptions& d, std::string_view v) { return assign_milliseconds(v, d.delay); }},
    Parameter{
        "reset_time",
        [](DeviceOptions& d, std::string_view v) { return assign_milliseconds(v, d.reset_time); }},
};

// Percent, with up to four decimals, in millionths.
std::optional<std::uint32_t> per_million(std::string_view percent) {
  std::uint64_t value = 0;
  int decimals = -1;
  for (const char c : percent) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9' && decimals < 4 && value <= 1'000'000) {
      value = value * 10 + static_cast<unsigned>(c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (percent.empty()) return std::nullopt;
  for (int scale = std::max(decimals, 0); scale < 4; ++scale) value *= 10;
  if (value > 1'000'000) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

// When: `@N`, `@N+`, or `%P`.
bool set_moment(FaultRule& rule, char kind, std::string_view when) {
  if (kind == '%') {
    const auto chance = per_million(when);
    rule.per_million = chance.value_or(0);
    return chance.has_value();
  }
  rule.onwards = when.ends_with('+');
  if (rule.onwards) when.remove_suffix(1);
  return assign<std::uint64_t>(when, 1, ~0ULL, rule.first);
}

Result<DeviceOptions> parse_device(std::string_view text) {
  DeviceOptions device;
  set_kernel(device, kUsualKernel);
  device.name = take_until(text, ':');
  if (device.name != "hisi_zip")
    return Error{Errc::unsupported, ENODEV, "there is no model of this device"};
  bool kernel_was_named = false;
  while (!text.empty()) {
    std::string_view value = take_until(text, ':');
    const std::string_view name = take_until(value, '=');
    const auto* row = std::find_if(kParameters.begin(), kParameters.end(),
                                   [name](const Parameter& p) { return p.name == name; });
    if (row == kParameters.end()) return invalid("no such parameter of an emulated device");
    if (!row->set(device, value)) return invalid("no such value of an emulated device's parameter");
    kernel_was_named |= name == "kernel";
  }
  // Only such kernels drive a device without shared addresses.
  if (!device.shared_addresses && !kernel_was_named) set_kernel(device, "kae");
  if (!device.shared_addresses && !device.kernel.has_static_share)
    return invalid("sva=off needs kernel=kae");
  if (device.engine == EngineKind::null_inline && !device.faults.empty())
    return invalid("faults need a device thread");
  return device;
}

}  // namespace

Result<std::vector<FaultRule>> parse_faults(std::string_view text) {
  const std::size_t end = text.find_first_of("@%");
  if (end == std::string_view::npos) return invalid("a fault without a moment");
  FaultRule rule;
  if (!set_moment(rule, text[end], text.substr(end + 1))) return invalid("no such moment");
  const std::string_view kind = text.substr(0, end);
  std::vector<FaultRule> rules;
  for (const FaultName& row : kFaultNames) {
    if (row.name != kind && !(kind == "random" && row.at_random)) continue;
    rule.fault = row.fault;
    rules.push_back(rule);
  }
  if (rules.empty()) return invalid("no such fault");
  if (kind == "random") {
    if (rule.first != 0) return invalid("a random fault needs a rate");
    // The rate is that of all kinds together.
    const auto kinds = static_cast<std::uint32_t>(rules.size());
    for (FaultRule& each : rules)
      each.per_million = std::max(each.per_million / kinds, std::uint32_t{each.per_million > 0});
  }
  return rules;
}

Result<std::vector<DeviceOptions>> parse_devices(std::string_view names) {
  std::vector<DeviceOptions> devices;
  if (names.empty()) return Error{Errc::unsupported, ENODEV, "no device is named"};
  while (!names.empty()) {
    auto device = parse_device(take_until(names, ','));
    if (!device) return device.error();
    devices.insert(devices.end(), device->devices, *device);
  }
  return devices;
}

}  // namespace wd::emulator
