// The variants of crc32 and adler32 for this architecture, and which of them run here. Each takes
// any length, and gives for any starting value what zlib gives.
#ifndef WD_SOFTWARE_CHECKSUM_VARIANTS_HPP_
#define WD_SOFTWARE_CHECKSUM_VARIANTS_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/variant.hpp"

WD_NAMESPACE_BEGIN

using ChecksumFunction = std::uint32_t(std::uint32_t so_far, const std::uint8_t* data,
                                       std::size_t bytes) noexcept;
using ChecksumVariant = Variant<ChecksumFunction>;

[[nodiscard]] std::span<const ChecksumVariant> crc32_variants() noexcept;
[[nodiscard]] std::span<const ChecksumVariant> adler32_variants() noexcept;

// plain: any CPU
ChecksumFunction crc32_plain;
ChecksumFunction adler32_plain;

// amd64/
ChecksumFunction crc32_pclmulqdq;
ChecksumFunction crc32_vpclmulqdq256;
ChecksumFunction crc32_vpclmulqdq512;
ChecksumFunction adler32_ssse3;
ChecksumFunction adler32_avx2;

// arm64/
ChecksumFunction crc32_instructions;
ChecksumFunction crc32_pmull;
ChecksumFunction adler32_asimd;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_CHECKSUM_VARIANTS_HPP_
