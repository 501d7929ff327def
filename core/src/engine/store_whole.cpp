#include <algorithm>
#include <cstring>

#include "engine/whole_codec.hpp"

WD_NAMESPACE_BEGIN

std::size_t store_whole(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                        std::size_t out_bytes, bool last) noexcept {
  // RFC 1951, 3.2.4: three header bits, padded to a byte; LEN, its complement, LEN bytes.
  constexpr std::size_t kMaxStored = 65535;
  constexpr std::size_t kHeaderBytes = 5;
  std::size_t produced = 0;
  do {
    const std::size_t bytes = std::min(in_bytes, kMaxStored);
    if (out_bytes - produced < kHeaderBytes + bytes) return 0;
    std::uint8_t* header = out + produced;
    header[0] = last && bytes == in_bytes ? 1 : 0;  // BFINAL, BTYPE 00
    header[1] = static_cast<std::uint8_t>(bytes);
    header[2] = static_cast<std::uint8_t>(bytes >> 8);
    header[3] = static_cast<std::uint8_t>(~bytes);
    header[4] = static_cast<std::uint8_t>(~bytes >> 8);
    if (bytes != 0) std::memcpy(header + kHeaderBytes, in, bytes);
    produced += kHeaderBytes + bytes;
    in += bytes;
    in_bytes -= bytes;
  } while (in_bytes != 0);
  return produced;
}

WD_NAMESPACE_END
