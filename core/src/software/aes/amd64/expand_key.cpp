// AES key expansion (FIPS 197, section 5.2) with AESKEYGENASSIST, which gives SubWord and RotWord.
#define WD_TARGET __attribute__((target("aes,sse4.1")))

#include <immintrin.h>

#include <cstring>

#include "software/aes/blocks.hpp"

WD_NAMESPACE_BEGIN

namespace {

// SubWord(RotWord(word)) xor `round_constant`, or SubWord(word). The instruction takes its round
// constant as an immediate, so it is 0 here, and exclusive or does the rest.
WD_TARGET std::uint32_t rotated_substitution(std::uint32_t word,
                                             std::uint32_t round_constant) noexcept {
  const __m128i assisted =
      _mm_aeskeygenassist_si128(_mm_set_epi32(static_cast<int>(word), static_cast<int>(word),
                                              static_cast<int>(word), static_cast<int>(word)),
                                0);
  return static_cast<std::uint32_t>(_mm_extract_epi32(assisted, 1)) ^ round_constant;
}

WD_TARGET std::uint32_t substitution(std::uint32_t word) noexcept {
  const __m128i assisted =
      _mm_aeskeygenassist_si128(_mm_set_epi32(static_cast<int>(word), static_cast<int>(word),
                                              static_cast<int>(word), static_cast<int>(word)),
                                0);
  return static_cast<std::uint32_t>(_mm_extract_epi32(assisted, 0));
}

}  // namespace

WD_TARGET void expand_key_with_instructions(const std::uint8_t* key, std::size_t key_bytes,
                                            AesKey& expanded) noexcept {
  constexpr std::uint32_t kRoundConstants[] = {0x01, 0x02, 0x04, 0x08, 0x10,
                                               0x20, 0x40, 0x80, 0x1b, 0x36};
  const std::size_t key_words = key_bytes / 4;
  expanded.rounds = static_cast<std::uint32_t>(key_words + 6);
  const std::size_t words = (expanded.rounds + 1) * 4;
  std::uint32_t schedule[(AesKey::kMaxRounds + 1) * 4];
  std::memcpy(schedule, key, key_bytes);
  for (std::size_t i = key_words; i < words; ++i) {
    std::uint32_t word = schedule[i - 1];
    if (i % key_words == 0)
      // RotWord turns the other way in the little-endian words that the instruction works on; it
      // gives RotWord(SubWord()), which is the same.
      word = rotated_substitution(word, kRoundConstants[i / key_words - 1]);
    else if (key_words > 6 && i % key_words == 4)
      word = substitution(word);
    schedule[i] = schedule[i - key_words] ^ word;
  }
  std::memcpy(expanded.round_keys, schedule, words * 4);
  // The schedule was a copy of the key.
  std::memset(schedule, 0, sizeof(schedule));
  __asm__ volatile("" : : "r"(schedule) : "memory");
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
