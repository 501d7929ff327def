#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr CpuFeatures kPclmulqdq{CpuFeature::ssse3, CpuFeature::sse4_1, CpuFeature::pclmulqdq};
constexpr CpuFeatures kVpclmulqdq =
    kPclmulqdq | CpuFeatures{CpuFeature::avx, CpuFeature::avx2, CpuFeature::vpclmulqdq};
constexpr CpuFeatures kAvx512{CpuFeature::avx2, CpuFeature::avx512f, CpuFeature::avx512bw,
                              CpuFeature::avx512vl};

constexpr ChecksumVariant kCrc32[] = {
    {"vpclmulqdq512", kVpclmulqdq | kAvx512, crc32_vpclmulqdq512},
    {"vpclmulqdq256", kVpclmulqdq, crc32_vpclmulqdq256},
    {"pclmulqdq", kPclmulqdq, crc32_pclmulqdq},
    {"plain", {}, crc32_plain},
};

// No 512-bit variant: called now and then, as for each 512 bytes of a stream, its multiplications
// lower the frequency of all that runs between (README.md).
constexpr ChecksumVariant kAdler32[] = {
    {"avx2", {CpuFeature::ssse3, CpuFeature::avx2}, adler32_avx2},
    {"ssse3", {CpuFeature::ssse3}, adler32_ssse3},
    {"plain", {}, adler32_plain},
};

}  // namespace

std::span<const ChecksumVariant> crc32_variants() noexcept {
  return kCrc32;
}

std::span<const ChecksumVariant> adler32_variants() noexcept {
  return kAdler32;
}

WD_NAMESPACE_END
