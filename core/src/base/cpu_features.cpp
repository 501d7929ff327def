#include "base/cpu_features.hpp"

#include <atomic>

WD_NAMESPACE_BEGIN

namespace {

constexpr std::uint32_t kKnown = std::uint32_t{1} << 31;
static_assert((CpuFeatures{CpuFeature::pmull}.bits() & kKnown) == 0);

// relaxed, here and below: each is a single word that says all there is to say.
std::atomic<std::uint32_t>& allowed_bits() noexcept {
  static constinit std::atomic<std::uint32_t> bits{CpuFeatures::all().bits()};
  return bits;
}

// Threads that ask at once find the same, whoever stores it last.
CpuFeatures detected() noexcept {
  static constinit std::atomic<std::uint32_t> found{0};
  std::uint32_t bits = found.load(std::memory_order_relaxed);
  if (bits == 0) {
    bits = detect_cpu_features().bits() | kKnown;
    found.store(bits, std::memory_order_relaxed);
  }
  return CpuFeatures::from_bits(bits & ~kKnown);
}

}  // namespace

CpuFeatures cpu_features() noexcept {
  return detected() & CpuFeatures::from_bits(allowed_bits().load(std::memory_order_relaxed));
}

void limit_cpu_features(CpuFeatures allowed) noexcept {
  allowed_bits().store(allowed.bits(), std::memory_order_relaxed);
}

WD_NAMESPACE_END
