#include "selftest/report.hpp"

#include <sys/utsname.h>

#include <cstdio>

#include "wd/version.hpp"

namespace wd::ctl {

namespace {

void print_line(const char* name, const std::string& value) {
  std::printf("  %-14s %s\n", name, value.c_str());
}

void print_part(const char* name, const Record& record) {
  const Tally& tally = record.tally;
  if (tally.untouched()) return print_line(name, "not run");
  std::string line =
      std::to_string(tally.ran()) + " ran, " + std::to_string(tally.failures()) + " failed";
  if (tally.left() != 0) line += ", " + std::to_string(tally.left()) + " not for the device";
  if (tally.enough()) line += ", stopped then";
  print_line(name, line);
  for (const Tally::Failure& failure : tally.reasons())
    std::printf("    %lu x %s\n        first: %s\n", failure.count, failure.reason.c_str(),
                failure.example.c_str());
}

std::string speed_of(const Speed& speed) {
  if (speed.seconds <= 0) return "-";
  char text[32];
  std::snprintf(text, sizeof(text), "%.0f MB/s", speed.bytes / speed.seconds / 1e6);
  return text;
}

}  // namespace

void print_heading(const DeviceAccess& access) {
  utsname machine{};
  uname(&machine);
  std::printf("wdctl %s selftest, %s, %s %s%s\n", WD_VERSION_STRING, machine.machine,
              machine.sysname, machine.release, access.emulated ? ", emulated devices" : "");
}

void print_attributes(const DeviceAccess& access, const DeviceInfo& device) {
  std::printf("\n%s\n", device.name);
  print_line("api", api_of(device));
  print_line("algorithms", algorithms_of(device));
  print_line("numa node", numa_node_of(device));
  print_line("free queues", free_queues_of(access, device));
  print_line("flags", std::to_string(device.flags) +
                          (device.shares_addresses() ? ", shares addresses" : ""));
  print_line("regions", std::to_string(device.mmio_bytes) + " and " +
                            std::to_string(device.dus_bytes) + " bytes");
  print_line("health", health_of(access, device));
}

void print_test(const DeviceTest& test) {
  print_part("known answers", test.known_answers);
  print_part("round trips", test.round_trips);
  print_part("streams", test.streams);
  if (test.soak_seconds <= 0) return;
  char name[16];
  std::snprintf(name, sizeof(name), "soak, %.0f s", test.soak_seconds);
  print_part(name, test.soak);
  // Each by the time of the calls, while the other thread is at work, too.
  print_line("throughput", "compression " + speed_of(test.soak.speeds[0]) + ", decompression " +
                               speed_of(test.soak.speeds[1]) +
                               ": of plain bytes, in sizes of all kinds, per thread, roughly");
}

void print_result(const std::string& reason) {
  print_line("result", reason.empty() ? "good" : "NOT GOOD: " + reason);
}

}  // namespace wd::ctl
