// What this CPU can do beyond its architecture's baseline, and the operating system lets it.
//
// Found out with the first question and kept. Safe from any thread, in signal handlers, in forked
// children and before any constructor has run; makes no system call.
#ifndef WD_BASE_CPU_FEATURES_HPP_
#define WD_BASE_CPU_FEATURES_HPP_

#include <cstdint>
#include <initializer_list>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class CpuFeature : std::uint8_t {
  // amd64
  ssse3,
  sse4_1,
  pclmulqdq,
  aes,
  bmi1,
  bmi2,
  avx,
  avx2,
  vpclmulqdq,
  vaes,
  avx512f,
  avx512bw,
  avx512vl,
  // arm64
  asimd,
  crc32,
  pmull,
};

class CpuFeatures {
 public:
  constexpr CpuFeatures() noexcept = default;
  constexpr CpuFeatures(std::initializer_list<CpuFeature> features) noexcept {
    for (const CpuFeature feature : features) add(feature);
  }
  static constexpr CpuFeatures all() noexcept { return from_bits(~std::uint32_t{0}); }
  static constexpr CpuFeatures from_bits(std::uint32_t bits) noexcept {
    CpuFeatures features;
    features.bits_ = bits;
    return features;
  }

  constexpr void add(CpuFeature feature) noexcept {
    bits_ |= std::uint32_t{1} << static_cast<unsigned>(feature);
  }
  [[nodiscard]] constexpr bool include(CpuFeatures needed) const noexcept {
    return (needed.bits_ & ~bits_) == 0;
  }
  [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

  friend constexpr CpuFeatures operator|(CpuFeatures a, CpuFeatures b) noexcept {
    return from_bits(a.bits_ | b.bits_);
  }
  friend constexpr CpuFeatures operator&(CpuFeatures a, CpuFeatures b) noexcept {
    return from_bits(a.bits_ & b.bits_);
  }

 private:
  std::uint32_t bits_ = 0;
};

// What there is and may be used.
[[nodiscard]] CpuFeatures cpu_features() noexcept;

// From here on, cpu_features() keeps to `allowed`. For tests, which have to reach the code for
// lesser CPUs too: called before anything has been computed, for a choice once made stays.
void limit_cpu_features(CpuFeatures allowed) noexcept;

// What there is, asked of the CPU or the system each time: one file for each architecture.
[[nodiscard]] CpuFeatures detect_cpu_features() noexcept;

WD_NAMESPACE_END

#endif  // WD_BASE_CPU_FEATURES_HPP_
