// Arbitrary bytes through uncompress2(). Where plain libz takes a message, the shim must, too, with
// the same result; where libz refuses one the shim may take it only if libdeflate does, which knows
// distance codes 30 and 31 and more than 286 literal codes (see shim-zlib/README.md).
#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fail.hpp"
#include "zlib_api.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wd::test;
  if (size < 2) return 0;
  const uLong room = data[0] * 257u + data[1];
  data += 2;
  size -= 2;
  std::vector<std::uint8_t> outputs[2] = {std::vector<std::uint8_t>(room + 1, 0x5a),
                                          std::vector<std::uint8_t>(room + 1, 0x5a)};
  uLong produced[2] = {room, room};
  uLong consumed[2] = {size, size};
  const int codes[2] = {ref_uncompress2(outputs[0].data(), &produced[0], data, &consumed[0]),
                        uncompress2(outputs[1].data(), &produced[1], data, &consumed[1])};
  if (outputs[1][room] != 0x5a) fail_if("uncompress2 wrote past its room");
  if (codes[0] != Z_OK && codes[1] == Z_OK) {
    libdeflate_decompressor* judge = libdeflate_alloc_decompressor();
    std::size_t used = 0;
    std::size_t made = 0;
    const auto verdict =
        libdeflate_zlib_decompress_ex(judge, data, size, outputs[0].data(), room, &used, &made);
    libdeflate_free_decompressor(judge);
    if (verdict != LIBDEFLATE_SUCCESS) fail_if("uncompress2 takes what nobody takes");
    return 0;
  }
  if (codes[0] != codes[1])
    fail_if("uncompress2's code: zlib " + std::to_string(codes[0]) + ", shim " +
            std::to_string(codes[1]));
  if (produced[0] != produced[1] || consumed[0] != consumed[1])
    fail_if("uncompress2's counts differ");
  if (!std::equal(outputs[0].begin(), outputs[0].begin() + static_cast<long>(produced[0]),
                  outputs[1].begin()))
    fail_if("uncompress2's bytes differ");
  return 0;
}
