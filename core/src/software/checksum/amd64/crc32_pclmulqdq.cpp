#define WD_TARGET __attribute__((target("pclmul,ssse3,sse4.1")))

#include "software/checksum/amd64/crc32_lane.hpp"
#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

WD_TARGET std::uint32_t crc32_pclmulqdq(std::uint32_t so_far, const std::uint8_t* data,
                                        std::size_t bytes) noexcept {
  return crc32_by_folding<Lane, Lane>(so_far, data, bytes);
}

WD_NAMESPACE_END
