// AES (FIPS 197) in counter and in cipher block chaining mode (NIST SP 800-38A, sections 6.5
// and 6.2), on CPUs that have wide AES instructions; elsewhere another library is as fast, and
// there is nothing here.
//
// Plain functions over the caller's memory: no allocation, no system call, no lock, so any thread
// and any child of a fork may use them. Keys and counters belong to the caller, who wipes them.
#ifndef WD_AES_HPP_
#define WD_AES_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// An expanded key, for encryption and for counter mode.
struct AesKey {
  static constexpr std::size_t kBlockBytes = 16;
  static constexpr unsigned kMaxRounds = 14;

  alignas(16) std::uint8_t round_keys[(kMaxRounds + 1) * kBlockBytes];
  std::uint32_t rounds;
};

// An expanded key for decryption.
struct AesDecryptionKey {
  AesKey key;
};

// A message under way in counter mode.
struct AesCtrState {
  // The next block's counter, all 16 bytes of it one big-endian number.
  std::uint8_t counter[AesKey::kBlockBytes];
  // The last block of key stream that was begun, of which `used` bytes are spent; 0: none is open.
  std::uint8_t key_stream[AesKey::kBlockBytes];
  std::uint32_t used;
};

// Whether this CPU can run the functions below.
[[nodiscard]] WD_API bool aes_usable() noexcept;

// `key_bytes` is 16, 24 or 32.
WD_API void aes_expand_key(const std::uint8_t* key, std::size_t key_bytes,
                           AesKey& expanded) noexcept;

// Encrypts or decrypts `bytes`, any number; `in` and `out` are the same memory or do not overlap.
WD_API void aes_ctr_update(const AesKey& key, AesCtrState& state, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes) noexcept;

WD_API void aes_invert_key(const AesKey& key, AesDecryptionKey& inverted) noexcept;

// `bytes` is a multiple of 16; `iv` becomes the last block of ciphertext. `in` and `out` are the
// same memory or do not overlap. One message is encrypted block after block, whoever does it; what
// wide instructions speed up is decryption.
WD_API void aes_cbc_encrypt(const AesKey& key, std::uint8_t* iv, const std::uint8_t* in,
                            std::uint8_t* out, std::size_t bytes) noexcept;
WD_API void aes_cbc_decrypt(const AesDecryptionKey& key, std::uint8_t* iv, const std::uint8_t* in,
                            std::uint8_t* out, std::size_t bytes) noexcept;

WD_NAMESPACE_END

#endif  // WD_AES_HPP_
