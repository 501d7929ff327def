#include <immintrin.h>

#include "software/inflate/long_copy.hpp"

#define WD_AVX512 __attribute__((target("avx2,avx512f")))

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kStep = 4 * kLine;
// Measured: 512 to 2048 are as good. Beyond the input's end a prefetch is in vain, and harmless.
constexpr std::size_t kAhead = 1024;

WD_AVX512 inline __m512i load(const std::uint8_t* from) noexcept {
  return _mm512_loadu_si512(from);
}

}  // namespace

// Aligned stores, and the input fetched ahead: the CPU's own prefetcher stops at each page, and
// pieces of a stream are too short for it to get going.
WD_AVX512 void long_copy_avx512(std::uint8_t* out, const std::uint8_t* in,
                                std::size_t bytes) noexcept {
  std::uint8_t* const end = out + bytes;
  const std::uint8_t* const in_end = in + bytes;
  _mm512_storeu_si512(out, load(in));
  const std::size_t head = kLine - reinterpret_cast<std::uintptr_t>(out) % kLine;
  out += head;
  in += head;
  for (; static_cast<std::size_t>(end - out) >= kStep; out += kStep, in += kStep) {
    const __m512i first = load(in);
    const __m512i second = load(in + kLine);
    const __m512i third = load(in + 2 * kLine);
    const __m512i fourth = load(in + 3 * kLine);
    for (std::size_t line = 0; line < kStep; line += kLine)
      _mm_prefetch(reinterpret_cast<const char*>(in) + kAhead + line, _MM_HINT_T0);
    _mm512_store_si512(out, first);
    _mm512_store_si512(out + kLine, second);
    _mm512_store_si512(out + 2 * kLine, third);
    _mm512_store_si512(out + 3 * kLine, fourth);
  }
  // The last step overlaps the one before.
  for (std::size_t back = kStep; back != 0; back -= kLine)
    _mm512_storeu_si512(end - back, load(in_end - back));
}

}  // namespace inflate

WD_NAMESPACE_END
