#include "model/fault_plan.hpp"

#include <utility>

namespace wd::emulator {
namespace {

// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014), at a place
// of its sequence instead of one after the other.
std::uint64_t random_at(std::uint64_t seed, std::uint64_t place) noexcept {
  std::uint64_t z = seed + place * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

FaultPlan::FaultPlan(std::vector<FaultRule> rules, std::uint64_t seed)
    : seed_(random_at(seed, 1)), has_rules_(!rules.empty()), rules_(std::move(rules)) {}

Fault FaultPlan::next_request() noexcept {
  if (!has_rules_.load(std::memory_order_relaxed)) return Fault::none;
  return pick(requests_.fetch_add(1, std::memory_order_relaxed) + 1, false);
}

bool FaultPlan::next_open_fails() noexcept {
  if (!has_rules_.load(std::memory_order_relaxed)) return false;
  return pick(opens_.fetch_add(1, std::memory_order_relaxed) + 1, true) == Fault::exhausted;
}

Fault FaultPlan::pick(std::uint64_t number, bool opening) noexcept {
  const std::scoped_lock hold(lock_);
  std::uint64_t place = number * (rules_.size() + 1);
  for (const FaultRule& rule : rules_) {
    ++place;
    if ((rule.fault == Fault::exhausted) != opening) continue;
    const bool counted =
        rule.first != 0 && (number == rule.first || (rule.onwards && number > rule.first));
    if (counted || random_at(seed_, place) % 1'000'000 < rule.per_million) return rule.fault;
  }
  return Fault::none;
}

void FaultPlan::replace(std::vector<FaultRule> rules) {
  const std::scoped_lock hold(lock_);
  rules_ = std::move(rules);
  requests_ = 0;
  opens_ = 0;
  has_rules_ = !rules_.empty();
}

void FaultPlan::add(const std::vector<FaultRule>& rules) {
  const std::scoped_lock hold(lock_);
  rules_.insert(rules_.end(), rules.begin(), rules.end());
  has_rules_ = !rules_.empty();
}

}  // namespace wd::emulator
