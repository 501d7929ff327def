// AES in counter mode (NIST SP 800-38A, section 6.5; FIPS 197), on CPUs that have wide AES
// instructions; elsewhere another library is as fast, and there is nothing here.
//
// Plain functions over the caller's memory: no allocation, no system call, no lock, so any thread
// and any child of a fork may use them. Keys and counters belong to the caller, who wipes them.
#ifndef WD_AES_CTR_HPP_
#define WD_AES_CTR_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// An expanded key.
struct AesKey {
  static constexpr std::size_t kBlockBytes = 16;
  static constexpr unsigned kMaxRounds = 14;

  alignas(16) std::uint8_t round_keys[(kMaxRounds + 1) * kBlockBytes];
  std::uint32_t rounds;
};

// A message under way.
struct AesCtrState {
  // The next block's counter, all 16 bytes of it one big-endian number.
  std::uint8_t counter[AesKey::kBlockBytes];
  // The last block of key stream that was begun, of which `used` bytes are spent; 0: none is open.
  std::uint8_t key_stream[AesKey::kBlockBytes];
  std::uint32_t used;
};

// Whether this CPU can run the functions below.
[[nodiscard]] WD_API bool aes_ctr_usable() noexcept;

// `key_bytes` is 16, 24 or 32.
WD_API void aes_expand_key(const std::uint8_t* key, std::size_t key_bytes,
                           AesKey& expanded) noexcept;

// Encrypts or decrypts `bytes`, any number; `in` and `out` are the same memory or do not overlap.
WD_API void aes_ctr_update(const AesKey& key, AesCtrState& state, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes) noexcept;

WD_NAMESPACE_END

#endif  // WD_AES_CTR_HPP_
