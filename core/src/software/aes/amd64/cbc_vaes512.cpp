// Cipher block chaining. Encryption needs each block before the next: AES instructions for one.
// Decryption does not: four blocks in a register, eight registers under way.
#include "software/aes/amd64/vaes512.hpp"
#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kBlockBytes = AesKey::kBlockBytes;

WD_TARGET __m128i load(const std::uint8_t* block) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
}
WD_TARGET void store(std::uint8_t* block, __m128i value) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(block), value);
}

template <unsigned kRounds>
WD_TARGET void encrypt_chain(const AesKey& key, std::uint8_t* iv, const std::uint8_t* in,
                             std::uint8_t* out, std::size_t bytes) noexcept {
  __m128i keys[kRounds + 1];
#pragma GCC unroll 16
  for (unsigned i = 0; i <= kRounds; ++i)
    keys[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(key.round_keys + i * kBlockBytes));
  __m128i chain = load(iv);
  // The first round's key is added to the text and the last round's key to the text of the next
  // block, so that neither addition stands in the chain.
  __m128i text = _mm_xor_si128(load(in), keys[0]);
  for (std::size_t at = 0; at < bytes; at += kBlockBytes) {
    __m128i block = _mm_xor_si128(chain, text);
    if (at + kBlockBytes < bytes) text = _mm_xor_si128(load(in + at + kBlockBytes), keys[0]);
#pragma GCC unroll 16
    for (unsigned i = 1; i < kRounds; ++i) block = _mm_aesenc_si128(block, keys[i]);
    chain = _mm_aesenclast_si128(block, keys[kRounds]);
    store(out + at, chain);
  }
  store(iv, chain);
}

// The blocks of ciphertext that come before those in `blocks`: the last of `before`, then all but
// the last of `blocks`.
WD_TARGET __m512i shifted(__m512i before, __m512i blocks) noexcept {
  constexpr int kWordsOfThreeBlocks = 6;
  constexpr __mmask8 kAll = 0xff;
  return _mm512_maskz_alignr_epi64(kAll, blocks, before, kWordsOfThreeBlocks);
}

// All is read before anything is written: `in` and `out` may be the same.
template <unsigned kRegisters, unsigned kRounds>
WD_TARGET void decrypt_whole(const RoundKeys<kRounds>& keys, __m512i& before,
                             const std::uint8_t* in, std::uint8_t* out) noexcept {
  __m512i blocks[kRegisters];
  __m512i chain[kRegisters];
#pragma GCC unroll 8
  for (unsigned r = 0; r < kRegisters; ++r) {
    blocks[r] = _mm512_loadu_si512(in + r * kRegisterBytes);
    chain[r] = shifted(before, blocks[r]);
    before = blocks[r];
  }
  keys.decrypt(blocks);
#pragma GCC unroll 8
  for (unsigned r = 0; r < kRegisters; ++r)
    _mm512_storeu_si512(out + r * kRegisterBytes, _mm512_xor_si512(blocks[r], chain[r]));
}

// The last 1 to 3 blocks.
template <unsigned kRounds>
WD_TARGET void decrypt_rest(const RoundKeys<kRounds>& keys, __m512i before, std::uint8_t* iv,
                            const std::uint8_t* in, std::uint8_t* out, std::size_t bytes) noexcept {
  const auto mask = static_cast<__mmask8>((1U << bytes / 8) - 1);
  __m512i blocks[1] = {_mm512_maskz_loadu_epi64(mask, in)};
  const __m512i chain = shifted(before, blocks[0]);
  store(iv, load(in + bytes - kBlockBytes));
  keys.decrypt(blocks);
  _mm512_mask_storeu_epi64(out, mask, _mm512_xor_si512(blocks[0], chain));
}

template <unsigned kRounds>
WD_TARGET void decrypt_all(const AesKey& inverted, std::uint8_t* iv, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes) noexcept {
  constexpr unsigned kWide = 8;
  const RoundKeys<kRounds> keys(inverted);
  __m512i before = four_of(load(iv));
  while (bytes >= kWide * kRegisterBytes) {
    decrypt_whole<kWide>(keys, before, in, out);
    in += kWide * kRegisterBytes;
    out += kWide * kRegisterBytes;
    bytes -= kWide * kRegisterBytes;
  }
  while (bytes >= 2 * kRegisterBytes) {
    decrypt_whole<2>(keys, before, in, out);
    in += 2 * kRegisterBytes;
    out += 2 * kRegisterBytes;
    bytes -= 2 * kRegisterBytes;
  }
  if (bytes >= kRegisterBytes) {
    decrypt_whole<1>(keys, before, in, out);
    in += kRegisterBytes;
    out += kRegisterBytes;
    bytes -= kRegisterBytes;
  }
  constexpr __mmask8 kAll = 0xff;
  constexpr int kLastBlock = 3;
  store(iv, _mm512_maskz_extracti32x4_epi32(kAll, before, kLastBlock));
  if (bytes > 0) decrypt_rest(keys, before, iv, in, out, bytes);
}

}  // namespace

WD_VAES512 void cbc_encrypt_blocks(const AesKey& key, std::uint8_t* iv, const std::uint8_t* in,
                                   std::uint8_t* out, std::size_t bytes) noexcept {
  switch (key.rounds) {
    case 10:
      return encrypt_chain<10>(key, iv, in, out, bytes);
    case 12:
      return encrypt_chain<12>(key, iv, in, out, bytes);
    default:
      return encrypt_chain<14>(key, iv, in, out, bytes);
  }
}

WD_VAES512 void cbc_decrypt_blocks(const AesKey& inverted, std::uint8_t* iv, const std::uint8_t* in,
                                   std::uint8_t* out, std::size_t bytes) noexcept {
  switch (inverted.rounds) {
    case 10:
      return decrypt_all<10>(inverted, iv, in, out, bytes);
    case 12:
      return decrypt_all<12>(inverted, iv, in, out, bytes);
    default:
      return decrypt_all<14>(inverted, iv, in, out, bytes);
  }
}

WD_NAMESPACE_END
