// The parts of AES that are written for one kind of CPU.
#ifndef WD_SOFTWARE_AES_BLOCKS_HPP_
#define WD_SOFTWARE_AES_BLOCKS_HPP_

#include "base/cpu_features.hpp"
#include "wd/aes.hpp"

WD_NAMESPACE_BEGIN

// What all of them need.
[[nodiscard]] CpuFeatures aes_blocks_need() noexcept;

void expand_key_with_instructions(const std::uint8_t* key, std::size_t key_bytes,
                                  AesKey& expanded) noexcept;

// For the equivalent inverse cipher (FIPS 197, section 5.3.5).
void invert_key_with_instructions(const AesKey& key, AesKey& inverted) noexcept;

void cbc_encrypt_blocks(const AesKey& key, std::uint8_t* iv, const std::uint8_t* in,
                        std::uint8_t* out, std::size_t bytes) noexcept;
void cbc_decrypt_blocks(const AesKey& inverted, std::uint8_t* iv, const std::uint8_t* in,
                        std::uint8_t* out, std::size_t bytes) noexcept;

// Encrypts `bytes` > 0 from a block's border on. The last 32 bits of the counter do not wrap within
// them. Counts up the counter by the blocks that were begun; where the last one is not used up,
// `key_stream` gets it whole.
void ctr_blocks(const AesKey& key, std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
                std::size_t bytes, std::uint8_t* key_stream) noexcept;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_AES_BLOCKS_HPP_
