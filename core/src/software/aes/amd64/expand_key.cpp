// AES key expansion (FIPS 197, section 5.2).
//
// SubWord comes from AESENCLAST: a state whose four columns are alike has the same bytes in each
// row, so that ShiftRows changes nothing, and its round key takes the round constant.
// AESKEYGENASSIST would do it in more than twice the time, and a message that has its own key pays
// for it.
#define WD_TARGET __attribute__((target("aes,sse4.1")))

#include <immintrin.h>

#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

namespace {

// SubWord(RotWord(the last word)) exclusive or the round constant, four times. RotWord turns the
// other way in little-endian words.
WD_TARGET inline __m128i rotated_substitution(__m128i words,
                                              std::uint32_t round_constant) noexcept {
  const __m128i last_rotated = _mm_set1_epi32(0x0c0f0e0d);
  return _mm_aesenclast_si128(_mm_shuffle_epi8(words, last_rotated),
                              _mm_set1_epi32(static_cast<int>(round_constant)));
}

// SubWord(the last word), four times.
WD_TARGET inline __m128i substitution(__m128i words) noexcept {
  return _mm_aesenclast_si128(_mm_shuffle_epi32(words, 0xff), _mm_setzero_si128());
}

// Each word exclusive or all before it.
WD_TARGET inline __m128i accumulated(__m128i words) noexcept {
  words = _mm_xor_si128(words, _mm_slli_si128(words, 4));
  return _mm_xor_si128(words, _mm_slli_si128(words, 8));
}

WD_TARGET inline __m128i load(const std::uint8_t* from) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
WD_TARGET inline void store(std::uint8_t* to, __m128i words) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), words);
}

constexpr std::uint32_t kRoundConstants[] = {0x01, 0x02, 0x04, 0x08, 0x10,
                                             0x20, 0x40, 0x80, 0x1b, 0x36};

WD_TARGET void expand_128(const std::uint8_t* key, std::uint8_t* to) noexcept {
  __m128i words = load(key);
  store(to, words);
  for (const std::uint32_t constant : kRoundConstants) {
    words = _mm_xor_si128(accumulated(words), rotated_substitution(words, constant));
    store(to += 16, words);
  }
}

// Six words at a time: four in one register, two in the lower half of another.
WD_TARGET void expand_192(const std::uint8_t* key, std::uint8_t* to) noexcept {
  constexpr std::size_t kTimes = 8;
  __m128i four = load(key);
  __m128i two = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(key + 16));
  for (std::size_t i = 0;; ++i) {
    store(to, four);
    if (i == kTimes) return;
    // The upper half is written over next.
    store(to + 16, two);
    to += 24;
    // The last of the six where rotated_substitution() looks for it.
    const __m128i last = _mm_shuffle_epi32(two, 0x55);
    four = _mm_xor_si128(accumulated(four), rotated_substitution(last, kRoundConstants[i]));
    two = _mm_xor_si128(accumulated(two), _mm_shuffle_epi32(four, 0xff));
  }
}

WD_TARGET void expand_256(const std::uint8_t* key, std::uint8_t* to) noexcept {
  constexpr std::size_t kTimes = 7;
  __m128i first = load(key);
  __m128i second = load(key + 16);
  store(to, first);
  store(to += 16, second);
  for (std::size_t i = 0;; ++i) {
    first = _mm_xor_si128(accumulated(first), rotated_substitution(second, kRoundConstants[i]));
    store(to += 16, first);
    if (i + 1 == kTimes) return;
    second = _mm_xor_si128(accumulated(second), substitution(first));
    store(to += 16, second);
  }
}

}  // namespace

WD_TARGET void expand_key_with_instructions(const std::uint8_t* key, std::size_t key_bytes,
                                            AesKey& expanded) noexcept {
  expanded.rounds = static_cast<std::uint32_t>(key_bytes / 4 + 6);
  if (key_bytes == 16)
    expand_128(key, expanded.round_keys);
  else if (key_bytes == 24)
    expand_192(key, expanded.round_keys);
  else
    expand_256(key, expanded.round_keys);
}

WD_TARGET void invert_key_with_instructions(const AesKey& key, AesKey& inverted) noexcept {
  const auto* from = reinterpret_cast<const __m128i*>(key.round_keys);
  auto* to = reinterpret_cast<__m128i*>(inverted.round_keys);
  const std::uint32_t rounds = key.rounds;
  inverted.rounds = rounds;
  _mm_store_si128(to, _mm_load_si128(from + rounds));
  for (std::uint32_t i = 1; i < rounds; ++i)
    _mm_store_si128(to + i, _mm_aesimc_si128(_mm_load_si128(from + rounds - i)));
  _mm_store_si128(to + rounds, _mm_load_si128(from));
}

WD_NAMESPACE_END
