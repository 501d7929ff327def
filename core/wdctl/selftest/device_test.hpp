// The self-test of one device, part by part.
//
// Threading: one thread at a time; it starts threads of its own and waits for them.
#ifndef WD_WDCTL_SELFTEST_DEVICE_TEST_HPP_
#define WD_WDCTL_SELFTEST_DEVICE_TEST_HPP_

#include <chrono>

#include "device_access.hpp"
#include "selftest/samples.hpp"
#include "selftest/trials.hpp"

namespace wd::ctl {

struct DeviceTest {
  static constexpr unsigned kThreads = 2;

  Record known_answers;
  Record round_trips;
  Record streams;
  Record soak;  // nothing ran where it was to last no time
  double soak_seconds = 0;
};

// Parts end early when they have seen enough failures, and all of it does when there is no queue.
DeviceTest test_device(const DeviceAccess& access, const DeviceInfo& device, const Judge& judge,
                       std::chrono::seconds soak);

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_DEVICE_TEST_HPP_
