// What the modes share that are written with 512-bit AES instructions: four blocks in a register.
#ifndef WD_SOFTWARE_AES_AMD64_VAES512_HPP_
#define WD_SOFTWARE_AES_AMD64_VAES512_HPP_

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "wd/aes.hpp"

#define WD_VAES512 __attribute__((target("aes,avx2,vaes,avx512f,avx512bw,avx512vl")))
// For what becomes part of one function, or a register would be passed in memory.
#define WD_TARGET WD_VAES512 inline __attribute__((always_inline))

WD_NAMESPACE_BEGIN

namespace {

constexpr std::size_t kRegisterBytes = 64;

// With a mask of ones: the plain intrinsic of GCC 12 warns of what it does itself (its bug 105593),
// and a shuffle of vectors goes through memory.
WD_TARGET __m512i four_of(__m128i v) noexcept {
  constexpr __mmask16 kAll = 0xffff;
  return _mm512_maskz_broadcast_i32x4(kAll, v);
}

template <unsigned kRounds>
struct RoundKeys {
  __m512i keys[kRounds + 1];

  WD_TARGET explicit RoundKeys(const AesKey& key) noexcept {
#pragma GCC unroll 16
    for (unsigned i = 0; i <= kRounds; ++i)
      keys[i] = four_of(_mm_load_si128(
          reinterpret_cast<const __m128i*>(key.round_keys + i * AesKey::kBlockBytes)));
  }

  // So many registers side by side hide the latency of an instruction.
  template <unsigned kRegisters>
  WD_TARGET void encrypt(__m512i (&blocks)[kRegisters]) const noexcept {
#pragma GCC unroll 8
    for (unsigned r = 0; r < kRegisters; ++r) blocks[r] = _mm512_xor_si512(blocks[r], keys[0]);
#pragma GCC unroll 16
    for (unsigned i = 1; i < kRounds; ++i)
#pragma GCC unroll 8
      for (unsigned r = 0; r < kRegisters; ++r)
        blocks[r] = _mm512_aesenc_epi128(blocks[r], keys[i]);
#pragma GCC unroll 8
    for (unsigned r = 0; r < kRegisters; ++r)
      blocks[r] = _mm512_aesenclast_epi128(blocks[r], keys[kRounds]);
  }

  // With the keys of an inverted schedule.
  template <unsigned kRegisters>
  WD_TARGET void decrypt(__m512i (&blocks)[kRegisters]) const noexcept {
#pragma GCC unroll 8
    for (unsigned r = 0; r < kRegisters; ++r) blocks[r] = _mm512_xor_si512(blocks[r], keys[0]);
#pragma GCC unroll 16
    for (unsigned i = 1; i < kRounds; ++i)
#pragma GCC unroll 8
      for (unsigned r = 0; r < kRegisters; ++r)
        blocks[r] = _mm512_aesdec_epi128(blocks[r], keys[i]);
#pragma GCC unroll 8
    for (unsigned r = 0; r < kRegisters; ++r)
      blocks[r] = _mm512_aesdeclast_epi128(blocks[r], keys[kRounds]);
  }
};

}  // namespace

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_AES_AMD64_VAES512_HPP_
