// The part of counter mode that is written for one kind of CPU.
#ifndef WD_SOFTWARE_AES_CTR_CTR_BLOCKS_HPP_
#define WD_SOFTWARE_AES_CTR_CTR_BLOCKS_HPP_

#include "base/cpu_features.hpp"
#include "wd/aes_ctr.hpp"

WD_NAMESPACE_BEGIN

// What both functions need.
[[nodiscard]] CpuFeatures ctr_blocks_needs() noexcept;

void expand_key_with_instructions(const std::uint8_t* key, std::size_t key_bytes,
                                  AesKey& expanded) noexcept;

// Encrypts `bytes` > 0 from a block's border on. The last 32 bits of the counter do not wrap within
// them. Counts up the counter by the blocks that were begun; where the last one is not used up,
// `key_stream` gets it whole.
void ctr_blocks(const AesKey& key, std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
                std::size_t bytes, std::uint8_t* key_stream) noexcept;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_AES_CTR_CTR_BLOCKS_HPP_
