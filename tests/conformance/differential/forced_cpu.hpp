// Running on a lesser CPU than this one, by the name of a variant.
#ifndef WD_TESTS_DIFFERENTIAL_FORCED_CPU_HPP_
#define WD_TESTS_DIFFERENTIAL_FORCED_CPU_HPP_

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>

#include "base/variant.hpp"
#include "software/checksum/variants.hpp"
#include "software/inflate/wide_loop.hpp"

namespace wd::test {

template <class Function>
std::optional<CpuFeatures> needs_of(std::span<const Variant<Function>> variants,
                                    std::string_view name) {
  for (const Variant<Function>& variant : variants)
    if (variant.name == name) return variant.needs;
  return std::nullopt;
}

inline constexpr int kNoSuchCpu = 2;
inline constexpr int kCannotRunHere = 77;  // what tests exit with that are skipped

// Before anything has been computed: checksums choose once, inflate with each stream. Returns what
// to exit with if it cannot be done.
inline int force_cpu(std::string_view name) {
  std::optional<CpuFeatures> needs = needs_of(crc32_variants(), name);
  if (!needs) needs = needs_of(adler32_variants(), name);
  if (!needs) needs = needs_of(inflate::wide_loops(), name);
  if (!needs) {
    std::fprintf(stderr, "no variant for this architecture is named %s\n", name.data());
    return kNoSuchCpu;
  }
  if (!cpu_features().include(*needs)) {
    std::fprintf(stderr, "this CPU cannot run %s\n", name.data());
    return kCannotRunHere;
  }
  limit_cpu_features(*needs);
  std::printf("as on a CPU for %s: crc32 %s, adler32 %s, inflate %s\n", name.data(),
              best_variant(crc32_variants(), cpu_features()).name,
              best_variant(adler32_variants(), cpu_features()).name,
              best_variant(inflate::wide_loops(), cpu_features()).name);
  return EXIT_SUCCESS;
}

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_FORCED_CPU_HPP_
