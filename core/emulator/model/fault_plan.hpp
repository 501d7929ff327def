// Which request of a device meets which fault.
//
// Threads: safe from all. What chance decides depends on the seed and the number of the request
// only, so that a run can be repeated.
#ifndef WD_EMULATOR_MODEL_FAULT_PLAN_HPP_
#define WD_EMULATOR_MODEL_FAULT_PLAN_HPP_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "model/fault_rule.hpp"

namespace wd::emulator {

class FaultPlan {
 public:
  FaultPlan(std::vector<FaultRule> rules, std::uint64_t seed);

  // What happens to the request that starts now.
  Fault next_request() noexcept;
  // Whether the open() that happens now finds no queue.
  bool next_open_fails() noexcept;

  // Counts start again with the new rules.
  void replace(std::vector<FaultRule> rules);
  void add(const std::vector<FaultRule>& rules);

 private:
  Fault pick(std::uint64_t number, bool opening) noexcept;

  std::uint64_t seed_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> opens_{0};
  // Without rules no request takes the lock.
  std::atomic<bool> has_rules_;
  std::mutex lock_;
  std::vector<FaultRule> rules_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_FAULT_PLAN_HPP_
