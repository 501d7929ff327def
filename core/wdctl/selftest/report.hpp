// What a self-test found, in words that its reader can send away: nothing in it tells which machine
// or whose it is, or where anything lies in memory.
#ifndef WD_WDCTL_SELFTEST_REPORT_HPP_
#define WD_WDCTL_SELFTEST_REPORT_HPP_

#include <string>

#include "device_access.hpp"
#include "selftest/device_test.hpp"

namespace wd::ctl {

// The program, and the machine as far as it matters.
void print_heading(const DeviceAccess& access);
void print_attributes(const DeviceAccess& access, const DeviceInfo& device);
void print_test(const DeviceTest& test);
// `reason`: why the device is not good; empty where it is.
void print_result(const std::string& reason);

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_REPORT_HPP_
