// The same stream twice, one in plain libz and one in the shim, and the comparison of what shows.
#ifndef WD_TESTS_DIFFERENTIAL_PAIR_HPP_
#define WD_TESTS_DIFFERENTIAL_PAIR_HPP_

#include <zlib.h>

#include <cstdint>
#include <string>

#include "choices.hpp"
#include "material.hpp"
#include "zlib_api.hpp"

namespace wd::test {

// A difference that was found, in words; empty when there is none.
using Difference = std::string;

// Memory for a stream with an allocator of the caller's: counts what is outstanding, and can fail.
struct CountingMemory {
  std::size_t blocks = 0;
  std::size_t bytes = 0;
  std::size_t peak_bytes = 0;
  int fail_after = -1;  // allocations until one fails; -1 never

  static void* allocate(void* opaque, unsigned items, unsigned item_bytes);
  static void release(void* opaque, void* address);
};

struct Side {
  const ZlibApi* api;
  z_stream stream{};
  Bytes out;  // the output buffer of one call, with a guard behind it
  CountingMemory memory;
};

struct Pair {
  Side reference{&kReference, {}, {}, {}};
  Side shim{&kShim, {}, {}, {}};

  // Both streams read from here on, `bytes` of it.
  void give_input(const std::uint8_t* data, std::uint32_t bytes);
  // Both get a buffer of `bytes`, guarded.
  void give_output(std::uint32_t bytes);
  void use_own_allocator();

  // Compares return codes, everything in the two z_streams, and the output since give_output().
  [[nodiscard]] Difference compare(const char* call, int reference_code, int shim_code) const;
};

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_PAIR_HPP_
