#define WD_TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))

#include "software/checksum/amd64/adler32_ymm.hpp"
#include "software/checksum/amd64/zmm.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

struct Zmm {
  using Vector = __m512i;
  static constexpr unsigned kBytes = 64;
  static constexpr std::size_t kFrom = 256;

  WD_TARGET static Vector zero() noexcept { return _mm512_setzero_si512(); }
  WD_TARGET static Vector load(const std::uint8_t* data) noexcept {
    return _mm512_loadu_si512(data);
  }
  WD_TARGET static Vector keep_where_positive(Vector where, Vector data) noexcept {
    return _mm512_maskz_mov_epi8(_mm512_cmpgt_epi8_mask(where, zero()), data);
  }
  WD_TARGET static Vector add(Vector a, Vector b) noexcept { return _mm512_add_epi32(a, b); }
  WD_TARGET static Vector add_bytes(Vector sums, Vector data) noexcept {
    return _mm512_dpbusd_epi32(sums, data, _mm512_set1_epi8(1));
  }
  WD_TARGET static Vector add_weighted(Vector sums, Vector data, Vector weights) noexcept {
    return _mm512_dpbusd_epi32(sums, data, weights);
  }
  // A sum of products takes five times as long as an addition, so four of each are under way. The
  // bytes of the first three of four blocks count 64 times more for each block behind them.
  WD_TARGET static void add_blocks(AdlerSums<Zmm>& sums, const std::uint8_t* data,
                                   std::size_t blocks) noexcept {
    for (; blocks % 4 != 0; --blocks, data += kBlockBytes) {
      sums.before = add(sums.before, sums.bytes);
      add_block(sums, data);
    }
    if (blocks == 0) return;
    AdlerSums<Zmm> a{}, b{}, c{};
    AdlerSums<Zmm>& d = sums;
    Vector before_four = zero();  // counts for each of the four
    for (; blocks != 0; blocks -= 4, data += 4 * kBlockBytes) {
      before_four = add(before_four, add(add(a.bytes, b.bytes), add(c.bytes, d.bytes)));
      add_block(a, data);
      add_block(b, data + kBlockBytes);
      add_block(c, data + 2 * kBlockBytes);
      add_block(d, data + 3 * kBlockBytes);
    }
    const Vector a_and_b = add(a.bytes, b.bytes);
    const Vector a_to_c = add(a_and_b, c.bytes);
    const Vector before_two = add(before_four, before_four);
    sums.before =
        add(add(sums.before, add(before_two, before_two)), add(a.bytes, add(a_and_b, a_to_c)));
    sums.weighted = add(add(a.weighted, b.weighted), add(c.weighted, sums.weighted));
    sums.bytes = add(a_to_c, sums.bytes);
  }
  WD_TARGET static std::uint32_t total(Vector sums) noexcept {
    return Ymm::total(Ymm::add(first_half_of(sums), second_half_of(sums)));
  }
};

}  // namespace

WD_TARGET std::uint32_t adler32_avx512vnni(std::uint32_t so_far, const std::uint8_t* data,
                                           std::size_t bytes) noexcept {
  if (bytes >= kAlignFromBytes) {
    const std::size_t first = bytes_to_alignment(data);
    const std::size_t last = (bytes - first) % kBlockBytes;
    so_far = adler32_avx512vnni(so_far, data, first);
    so_far = adler32_by_vectors<Zmm>(so_far, data + first, bytes - first - last);
    data += bytes - last;
    bytes = last;
  }
  if (bytes < Xmm::kBytes) return Xmm::adler32_short(so_far, data, bytes);
  if (bytes < Ymm::kFrom) return adler32_by_vectors<Xmm>(so_far, data, bytes);
  if (bytes < Zmm::kFrom) return adler32_by_vectors<Ymm>(so_far, data, bytes);
  return adler32_by_vectors<Zmm>(so_far, data, bytes);
}

WD_NAMESPACE_END
