// AES for CPUs for which none is written: aes_usable() says no, so nobody comes here.
#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

CpuFeatures aes_blocks_need() noexcept {
  return CpuFeatures::all();
}

void expand_key_with_instructions(const std::uint8_t*, std::size_t, AesKey&) noexcept {}

void invert_key_with_instructions(const AesKey&, AesKey&) noexcept {}

void cbc_encrypt_blocks(const AesKey&, std::uint8_t*, const std::uint8_t*, std::uint8_t*,
                        std::size_t) noexcept {}
void cbc_decrypt_blocks(const AesKey&, std::uint8_t*, const std::uint8_t*, std::uint8_t*,
                        std::size_t) noexcept {}

void ctr_blocks(const AesKey&, std::uint8_t*, const std::uint8_t*, std::uint8_t*, std::size_t,
                std::uint8_t*) noexcept {}

WD_NAMESPACE_END
