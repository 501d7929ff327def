#define WD_TARGET __attribute__((target("avx2")))

#include "software/checksum/amd64/adler32_ymm.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

WD_TARGET std::uint32_t adler32_avx2(std::uint32_t so_far, const std::uint8_t* data,
                                     std::size_t bytes) noexcept {
  if (bytes < Xmm::kBytes) return Xmm::adler32_short(so_far, data, bytes);
  if (bytes < Ymm::kFrom) return adler32_by_vectors<Xmm>(so_far, data, bytes);
  return adler32_by_vectors<Ymm>(so_far, data, bytes);
}

WD_NAMESPACE_END
