// Counter mode with 512-bit AES instructions: four blocks in a register, eight registers under way,
// which is what hides the latency of VAESENC. Messages below 64 bytes are one register with a mask.
#include "software/aes/amd64/vaes512.hpp"
#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr unsigned kBlocksPerRegister = 4;
constexpr unsigned kWide = 8;

// Counters with the low word in the CPU's byte order, so that it can be added to; the shuffle turns
// it back.
struct Counters {
  __m512i next;
  __m512i to_bytes;

  WD_TARGET explicit Counters(const std::uint8_t* counter) noexcept {
    to_bytes = four_of(_mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(counter));
    next = _mm512_shuffle_epi8(four_of(first), to_bytes);
    next = _mm512_add_epi32(next, _mm512_set_epi32(3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0));
  }

  WD_TARGET __m512i take() noexcept {
    const __m512i blocks = _mm512_shuffle_epi8(next, to_bytes);
    constexpr int kStep = static_cast<int>(kBlocksPerRegister);
    next = _mm512_add_epi32(
        next, _mm512_set_epi32(kStep, 0, 0, 0, kStep, 0, 0, 0, kStep, 0, 0, 0, kStep, 0, 0, 0));
    return blocks;
  }
};

template <unsigned kRegisters, unsigned kRounds>
WD_TARGET void encrypt_whole(const RoundKeys<kRounds>& keys, Counters& counters,
                             const std::uint8_t* in, std::uint8_t* out) noexcept {
  __m512i blocks[kRegisters];
#pragma GCC unroll 8
  for (unsigned r = 0; r < kRegisters; ++r) blocks[r] = counters.take();
  keys.encrypt(blocks);
#pragma GCC unroll 8
  for (unsigned r = 0; r < kRegisters; ++r) {
    const __m512i text = _mm512_loadu_si512(in + r * kRegisterBytes);
    _mm512_storeu_si512(out + r * kRegisterBytes, _mm512_xor_si512(text, blocks[r]));
  }
}

// The last 1 to 64 bytes.
template <unsigned kRounds>
WD_TARGET void encrypt_rest(const RoundKeys<kRounds>& keys, Counters& counters,
                            const std::uint8_t* in, std::uint8_t* out, std::size_t bytes,
                            std::uint8_t* key_stream) noexcept {
  const __mmask64 mask = ~std::uint64_t{0} >> (kRegisterBytes - bytes);
  __m512i blocks[1] = {counters.take()};
  keys.encrypt(blocks);
  const __m512i text = _mm512_maskz_loadu_epi8(mask, in);
  _mm512_mask_storeu_epi8(out, mask, _mm512_xor_si512(text, blocks[0]));
  if (bytes % AesKey::kBlockBytes == 0) return;
  alignas(kRegisterBytes) std::uint8_t stream[kRegisterBytes];
  _mm512_store_si512(stream, blocks[0]);
  const std::uint8_t* last = stream + bytes / AesKey::kBlockBytes * AesKey::kBlockBytes;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(key_stream),
                   _mm_load_si128(reinterpret_cast<const __m128i*>(last)));
}

// Writes back the counter behind `bytes`, whose last word does not wrap but to 0 at the very end.
// All 16 bytes at once: the next call reads them so, and would have to wait for a shorter store to
// leave the store buffer.
WD_TARGET __m128i count_up(std::uint8_t* counter, std::size_t bytes) noexcept {
  const std::size_t blocks = (bytes + AesKey::kBlockBytes - 1) / AesKey::kBlockBytes;
  const __m128i to_bytes = _mm_set_epi8(12, 13, 14, 15, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m128i now = _mm_loadu_si128(reinterpret_cast<const __m128i*>(counter));
  const __m128i next = _mm_add_epi32(_mm_shuffle_epi8(now, to_bytes),
                                     _mm_set_epi32(static_cast<int>(blocks), 0, 0, 0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(counter), _mm_shuffle_epi8(next, to_bytes));
  return now;
}

// A single block: nothing wider has a lower latency.
template <unsigned kRounds>
WD_TARGET __m128i one_block(const AesKey& key, __m128i block) noexcept {
  const auto* keys = reinterpret_cast<const __m128i*>(key.round_keys);
  block = _mm_xor_si128(block, _mm_load_si128(keys));
#pragma GCC unroll 16
  for (unsigned i = 1; i < kRounds; ++i) block = _mm_aesenc_si128(block, _mm_load_si128(keys + i));
  return _mm_aesenclast_si128(block, _mm_load_si128(keys + kRounds));
}

template <unsigned kRounds>
WD_TARGET void encrypt_one(const AesKey& key, std::uint8_t* counter, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes,
                           std::uint8_t* key_stream) noexcept {
  const __m128i stream = one_block<kRounds>(key, count_up(counter, bytes));
  if (bytes == AesKey::kBlockBytes) [[likely]] {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_xor_si128(text, stream));
    return;
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(key_stream), stream);
  for (std::size_t i = 0; i < bytes; ++i) out[i] = in[i] ^ key_stream[i];
}

template <unsigned kRounds>
WD_TARGET void encrypt_all(const AesKey& key, std::uint8_t* counter, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes,
                           std::uint8_t* key_stream) noexcept {
  if (bytes <= AesKey::kBlockBytes) {
    encrypt_one<kRounds>(key, counter, in, out, bytes, key_stream);
    return;
  }
  const RoundKeys<kRounds> keys(key);
  Counters counters(counter);
  count_up(counter, bytes);
  while (bytes >= kWide * kRegisterBytes) {
    encrypt_whole<kWide>(keys, counters, in, out);
    in += kWide * kRegisterBytes;
    out += kWide * kRegisterBytes;
    bytes -= kWide * kRegisterBytes;
  }
  if (bytes >= 4 * kRegisterBytes) {
    encrypt_whole<4>(keys, counters, in, out);
    in += 4 * kRegisterBytes;
    out += 4 * kRegisterBytes;
    bytes -= 4 * kRegisterBytes;
  }
  if (bytes >= 2 * kRegisterBytes) {
    encrypt_whole<2>(keys, counters, in, out);
    in += 2 * kRegisterBytes;
    out += 2 * kRegisterBytes;
    bytes -= 2 * kRegisterBytes;
  }
  if (bytes >= kRegisterBytes) {
    encrypt_whole<1>(keys, counters, in, out);
    in += kRegisterBytes;
    out += kRegisterBytes;
    bytes -= kRegisterBytes;
  }
  if (bytes > 0) encrypt_rest(keys, counters, in, out, bytes, key_stream);
}

}  // namespace

CpuFeatures aes_blocks_need() noexcept {
  return {CpuFeature::aes,     CpuFeature::sse4_1,   CpuFeature::avx2,    CpuFeature::vaes,
          CpuFeature::avx512f, CpuFeature::avx512bw, CpuFeature::avx512vl};
}

WD_VAES512 void ctr_blocks(const AesKey& key, std::uint8_t* counter, const std::uint8_t* in,
                           std::uint8_t* out, std::size_t bytes,
                           std::uint8_t* key_stream) noexcept {
  switch (key.rounds) {
    case 10:
      encrypt_all<10>(key, counter, in, out, bytes, key_stream);
      break;
    case 12:
      encrypt_all<12>(key, counter, in, out, bytes, key_stream);
      break;
    default:
      encrypt_all<14>(key, counter, in, out, bytes, key_stream);
      break;
  }
}

WD_NAMESPACE_END
