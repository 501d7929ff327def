// One function, written several times for different CPUs: a table of variants, best first, the last
// of which needs nothing. All give the same results.
//
//   using Crc32 = std::uint32_t(std::uint32_t, const std::uint8_t*, std::size_t) noexcept;
//   constexpr Variant<Crc32> kRows[] = {{"pclmulqdq", {CpuFeature::pclmulqdq}, crc32_pclmulqdq},
//                                       {"plain", {}, crc32_plain}};
//   best_variant<Crc32>(kRows, cpu_features()).function(...)
#ifndef WD_BASE_VARIANT_HPP_
#define WD_BASE_VARIANT_HPP_

#include <span>

#include "base/cpu_features.hpp"

WD_NAMESPACE_BEGIN

template <class Function>
struct Variant {
  const char* name;
  CpuFeatures needs;
  Function* function;
};

template <class Function>
[[nodiscard]] constexpr const Variant<Function>& best_variant(
    std::span<const Variant<Function>> best_first, CpuFeatures usable) noexcept {
  for (const Variant<Function>& variant : best_first)
    if (usable.include(variant.needs)) return variant;
  return best_first.back();
}

WD_NAMESPACE_END

#endif  // WD_BASE_VARIANT_HPP_
