// wdctl selftest: is what the accelerators compute right, and do they go on doing so?
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "command.hpp"
#include "device_access.hpp"
#include "selftest/device_test.hpp"
#include "selftest/report.hpp"

namespace wd::ctl {

namespace {

constexpr unsigned kSeconds = 5;
constexpr unsigned kMostSeconds = 7 * 24 * 3600;

// A device that is removed may take the memory of its queues along. The report says so then, too.
void report_lost_memory() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    constexpr std::string_view kText =
        "  result         NOT GOOD: its memory has gone (SIGBUS): the device was removed\n";
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, kText.data(), kText.size());
    _exit(1);
  };
  sigaction(SIGBUS, &action, nullptr);
  setvbuf(stdout, nullptr, _IOLBF, 0);
}

std::optional<std::chrono::seconds> length_in(Arguments arguments) {
  if (arguments.empty()) return std::chrono::seconds(kSeconds);
  if (arguments.size() != 2 || arguments[0] != "--seconds") return std::nullopt;
  const std::string_view text = arguments[1];
  unsigned seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || seconds > kMostSeconds)
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

// Why the device is not good; empty where it is.
std::string reason_in(const DeviceTest& test) {
  std::string reason;
  const auto judge = [&](const char* part, const Record& record) {
    // What was not run after something else had failed is no reason.
    if (record.tally.good() || (record.tally.untouched() && !reason.empty())) return;
    if (!reason.empty()) reason += ", ";
    reason += part;
  };
  judge("known answers", test.known_answers);
  judge("round trips", test.round_trips);
  judge("streams", test.streams);
  if (test.soak_seconds > 0) judge("soak", test.soak);
  return reason;
}

// The same.
std::string test_and_print(const DeviceAccess& access, const DeviceInfo& device, const Judge& judge,
                           std::chrono::seconds soak) {
  print_attributes(access, device);
  if (device.api.version == 0) return "of an unknown kind, not tested";
  const DeviceTest test = test_device(access, device, judge, soak);
  print_test(test);
  std::string reason = reason_in(test);
  if (isolated_now(access.calls, access.roots, device.name))
    reason += reason.empty() ? "isolated by the kernel" : ", isolated by the kernel";
  return reason;
}

}  // namespace

int selftest(Arguments arguments) {
  const auto length = length_in(arguments);
  if (!length) {
    std::fprintf(stderr, "usage: wdctl selftest [--seconds N]\n");
    return 2;
  }
  const auto access = reach_devices();
  if (!access) return 2;
  static DeviceList list;  // too large for a stack
  find_devices(access->calls, access->roots, "hisi_zip", list);
  if (list.count == 0) {
    std::printf("no device to test: no hisi_zip in %s; software is used\n", access->roots.sysfs);
    return 3;
  }
  report_lost_memory();
  print_heading(*access);
  const Judge judge;
  std::size_t good = 0;
  for (std::size_t i = 0; i < list.count; ++i) {
    const std::string reason = test_and_print(*access, list.devices[i], judge, *length);
    print_result(reason);
    if (reason.empty()) ++good;
  }
  std::printf("\n%zu of %zu devices good\n", good, list.count);
  return good == list.count ? 0 : 1;
}

}  // namespace wd::ctl
