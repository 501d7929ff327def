// The random sequences of the differential test, their decisions made by the fuzzer.
#include <cstdint>

#include "fail.hpp"
#include "sequences.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wd::test;
  if (size < 4) return 0;
  Choices choices(std::span<const std::uint8_t>(data + 1, size - 1));
  switch (data[0] % 4) {
    case 0:
      fail_if(run_inflate_sequence(choices));
      break;
    case 1:
      fail_if(run_deflate_sequence(choices));
      break;
    case 2:
      fail_if(run_whole_sequence(choices));
      break;
    default:
      fail_if(run_inflate_back_sequence(choices));
  }
  return 0;
}
