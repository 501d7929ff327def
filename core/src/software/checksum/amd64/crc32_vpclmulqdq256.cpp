#define WD_TARGET __attribute__((target("pclmul,vpclmulqdq,avx2")))

#include "software/checksum/amd64/crc32_lane_pair.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

WD_TARGET std::uint32_t crc32_vpclmulqdq256(std::uint32_t so_far, const std::uint8_t* data,
                                            std::size_t bytes) noexcept {
  return crc32_by_folding<LanePair, Lane>(so_far, data, bytes);
}

WD_NAMESPACE_END
