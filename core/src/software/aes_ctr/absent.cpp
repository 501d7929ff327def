// Counter mode on CPUs for which none is written: aes_ctr_usable() says no, so nobody comes here.
#include "software/aes_ctr/ctr_blocks.hpp"

WD_NAMESPACE_BEGIN

CpuFeatures ctr_blocks_needs() noexcept {
  return CpuFeatures::all();
}

void expand_key_with_instructions(const std::uint8_t*, std::size_t, AesKey&) noexcept {}

void ctr_blocks(const AesKey&, std::uint8_t*, const std::uint8_t*, std::uint8_t*, std::size_t,
                std::uint8_t*) noexcept {}

WD_NAMESPACE_END
