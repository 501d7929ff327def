#include "wd/aes.hpp"

#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

bool aes_usable() noexcept {
  return cpu_features().include(aes_blocks_need());
}

void aes_expand_key(const std::uint8_t* key, std::size_t key_bytes, AesKey& expanded) noexcept {
  expand_key_with_instructions(key, key_bytes, expanded);
}

void aes_invert_key(const AesKey& key, AesDecryptionKey& inverted) noexcept {
  invert_key_with_instructions(key, inverted.key);
}

void aes_cbc_encrypt(const AesKey& key, std::uint8_t* iv, const std::uint8_t* in, std::uint8_t* out,
                     std::size_t bytes) noexcept {
  if (bytes != 0) cbc_encrypt_blocks(key, iv, in, out, bytes);
}

void aes_cbc_decrypt(const AesDecryptionKey& key, std::uint8_t* iv, const std::uint8_t* in,
                     std::uint8_t* out, std::size_t bytes) noexcept {
  if (bytes != 0) cbc_decrypt_blocks(key.key, iv, in, out, bytes);
}

WD_NAMESPACE_END
