// A C++ library that a Python with a libstdc++ of its own loads: calls zlib, and operator new from
// that libstdc++.
#include <zlib.h>

#include <cstring>

namespace {
struct Buffers {
  unsigned char coded[70000];
  unsigned char decoded[65536];
};
}  // namespace

extern "C" int round_trip(const unsigned char* text, unsigned length) {
  auto* buffers = new Buffers;
  uLongf coded_bytes = sizeof buffers->coded;
  uLongf decoded_bytes = sizeof buffers->decoded;
  const bool same =
      length <= decoded_bytes && compress2(buffers->coded, &coded_bytes, text, length, 6) == Z_OK &&
      uncompress(buffers->decoded, &decoded_bytes, buffers->coded, coded_bytes) == Z_OK &&
      decoded_bytes == length && std::memcmp(buffers->decoded, text, length) == 0;
  delete buffers;
  return same ? 1 : 0;
}
