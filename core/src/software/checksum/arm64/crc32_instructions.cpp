#include "software/checksum/arm64/crc32_instructions.hpp"

#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

std::uint32_t crc32_instructions(std::uint32_t so_far, const std::uint8_t* data,
                                 std::size_t bytes) noexcept {
  return ~crc32_add_bytes(~so_far, data, bytes);
}

WD_NAMESPACE_END
