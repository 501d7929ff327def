#include "software/inflate/long_copy.hpp"

#include <atomic>

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

void choose_long_copy(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;

// relaxed, where it is loaded and stored: a function's address says all there is to say, and
// threads that choose at once choose the same.
std::atomic<LongCopy*>& chosen_long_copy() noexcept {
  static constinit std::atomic<LongCopy*> chosen{choose_long_copy};
  return chosen;
}

void choose_long_copy(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  LongCopy* best = best_variant(long_copy_variants(), cpu_features()).function;
  chosen_long_copy().store(best, std::memory_order_relaxed);
  best(out, in, bytes);
}

#ifdef __x86_64__
constexpr Variant<LongCopy> kRows[] = {
    // VAES tells the CPUs that do not lower their frequency for wide loads and stores.
    {"avx512", {CpuFeature::avx2, CpuFeature::avx512f, CpuFeature::vaes}, long_copy_avx512},
    {"plain", {}, long_copy_plain},
};
#else
constexpr Variant<LongCopy> kRows[] = {{"plain", {}, long_copy_plain}};
#endif

}  // namespace

std::span<const Variant<LongCopy>> long_copy_variants() noexcept {
  return kRows;
}

void long_copy_plain(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  std::memcpy(out, in, bytes);
}

void copy_long(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  chosen_long_copy().load(std::memory_order_relaxed)(out, in, bytes);
}

}  // namespace inflate

WD_NAMESPACE_END
