// Arbitrary bytes through uncompress2(): the shim takes what plain libz takes, with the same
// result, and refuses the rest with its codes, the whole room being the same.
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
  if (codes[0] != codes[1])
    fail_if("uncompress2's code: zlib " + std::to_string(codes[0]) + ", shim " +
            std::to_string(codes[1]));
  if (produced[0] != produced[1] || consumed[0] != consumed[1])
    fail_if("uncompress2's counts differ");
  if (outputs[0] != outputs[1]) fail_if("uncompress2's rooms differ");
  return 0;
}
