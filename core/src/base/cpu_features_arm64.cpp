// Linux says in the auxiliary vector what programs may use.
#include <asm/hwcap.h>
#include <sys/auxv.h>

#include "base/cpu_features.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Row {
  CpuFeature feature;
  unsigned long bit;
};

constexpr Row kRows[] = {
    {CpuFeature::asimd, HWCAP_ASIMD},
    {CpuFeature::crc32, HWCAP_CRC32},
    {CpuFeature::pmull, HWCAP_PMULL},
};

}  // namespace

CpuFeatures detect_cpu_features() noexcept {
  const unsigned long capabilities = getauxval(AT_HWCAP);
  CpuFeatures found;
  for (const Row& row : kRows)
    if ((capabilities & row.bit) != 0) found.add(row.feature);
  return found;
}

WD_NAMESPACE_END
