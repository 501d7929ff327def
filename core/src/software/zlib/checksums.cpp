// The checksums that the private zlib calls for the streams whose framing it does itself: ours.
#include <cstdint>

#include "software/zlib/private_zlib.hpp"
#include "wd/checksum.hpp"

extern "C" {

uLong wdz_crc32(uLong so_far, const Bytef* data, uInt bytes);
uLong wdz_adler32(uLong so_far, const Bytef* data, uInt bytes);

// A null buffer asks for the start value.
uLong wdz_crc32(uLong so_far, const Bytef* data, uInt bytes) {
  if (data == nullptr) return wd::kCrc32Start;
  return wd::crc32(static_cast<std::uint32_t>(so_far), data, bytes);
}

uLong wdz_adler32(uLong so_far, const Bytef* data, uInt bytes) {
  if (data == nullptr) return wd::kAdler32Start;
  return wd::adler32(static_cast<std::uint32_t>(so_far), data, bytes);
}

}  // extern "C"
