// The devices that a command works on: this machine's, or those that WD_EMULATE asks for; and how
// what is known of a device is written for people.
//
// Threading: plain values. Errors: said on standard error where they are met.
#ifndef WD_WDCTL_DEVICE_ACCESS_HPP_
#define WD_WDCTL_DEVICE_ACCESS_HPP_

#include <optional>
#include <string>
#include <vector>

#include "device/device_info.hpp"
#include "device/roots.hpp"
#include "device/system_calls.hpp"

namespace wd::ctl {

struct DeviceAccess {
  SystemCalls calls{};
  Roots roots;
  bool emulated = false;
};

// Nothing where WD_EMULATE or the configuration cannot be understood, which has been said then. A
// machine without any device is reached, too.
std::optional<DeviceAccess> reach_devices(const Roots& roots = {});

// The names of all devices of uacce, of whatever kind; by kind and number.
std::vector<std::string> device_names(const DeviceAccess& access);

// "hisi_qm_v3"; "unknown" for what this version does not understand.
std::string api_of(const DeviceInfo& device);
// On one line. What a kernel's file says is not trusted to be printable.
std::string algorithms_of(const DeviceInfo& device);
// "-" where it is none, or not told.
std::string numa_node_of(const DeviceInfo& device);
std::string free_queues_of(const DeviceAccess& access, const DeviceInfo& device);
// "good", or why nothing of ours would use the device.
std::string health_of(const DeviceAccess& access, const DeviceInfo& device);

}  // namespace wd::ctl

#endif  // WD_WDCTL_DEVICE_ACCESS_HPP_
