#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr ChecksumVariant kCrc32[] = {
    {"pmull", {CpuFeature::crc32, CpuFeature::pmull, CpuFeature::asimd}, crc32_pmull},
    {"crc32", {CpuFeature::crc32}, crc32_instructions},
    {"plain", {}, crc32_plain},
};

constexpr ChecksumVariant kAdler32[] = {
    {"asimd", {CpuFeature::asimd}, adler32_asimd},
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
