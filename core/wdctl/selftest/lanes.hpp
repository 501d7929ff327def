// The queues of one thread on one device, a queue for each direction: there and proven when they
// are wanted, opened anew after the device has failed.
//
// It takes queues itself and not those of a pool, which would choose the device, and would leave
// one alone that errs: here it is the errors that are wanted, with the device's name.
//
// Threading: one thread at a time. Ownership: borrows its arguments.
#ifndef WD_WDCTL_SELFTEST_LANES_HPP_
#define WD_WDCTL_SELFTEST_LANES_HPP_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "device_access.hpp"
#include "hisi/qm/queue.hpp"
#include "hisi/zip/lane.hpp"

namespace wd::ctl {

class Lanes {
 public:
  // For one request: 8 MiB take a device some milliseconds, and a slow model of one less than a
  // second.
  static constexpr std::chrono::milliseconds kTimeout{3000};

  Lanes(const DeviceAccess& access, const DeviceInfo& device) : access_(access), device_(device) {}
  ~Lanes();
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  [[nodiscard]] const DeviceInfo& device() const { return device_; }
  // Nothing if there is no queue to be had, even after a while; why() says why.
  std::optional<hisi::zip::Lane> lane(hisi::zip::Direction direction);
  // Whether a queue gives the answer that is known. False, too, where there is no queue: refused().
  [[nodiscard]] bool knows_answer(hisi::zip::Direction direction);
  // There was no queue when one was last wanted. There is no point in going on.
  [[nodiscard]] bool refused() const { return refused_; }
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  hisi::Queue* queue(hisi::zip::Direction direction);

  const DeviceAccess& access_;
  const DeviceInfo& device_;
  std::atomic<std::uint32_t> here_{1};
  hisi::Queue* queues_[2] = {};
  bool refused_ = false;
  std::string why_;
};

}  // namespace wd::ctl

#endif  // WD_WDCTL_SELFTEST_LANES_HPP_
