// For architectures that we have plain code for only.
#include "base/cpu_features.hpp"

WD_NAMESPACE_BEGIN

CpuFeatures detect_cpu_features() noexcept {
  return {};
}

WD_NAMESPACE_END
