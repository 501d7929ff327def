// For architectures that we have plain code for only.
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr ChecksumVariant kCrc32[] = {{"plain", {}, crc32_plain}};
constexpr ChecksumVariant kAdler32[] = {{"plain", {}, adler32_plain}};

}  // namespace

std::span<const ChecksumVariant> crc32_variants() noexcept {
  return kCrc32;
}

std::span<const ChecksumVariant> adler32_variants() noexcept {
  return kAdler32;
}

WD_NAMESPACE_END
