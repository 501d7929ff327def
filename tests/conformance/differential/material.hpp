// What sequences work on: plain data of all kinds, and compressed streams made by plain libz,
// whole, damaged, or not streams at all.
#ifndef WD_TESTS_DIFFERENTIAL_MATERIAL_HPP_
#define WD_TESTS_DIFFERENTIAL_MATERIAL_HPP_

#include <cstdint>
#include <vector>

#include "choices.hpp"

namespace wd::test {

using Bytes = std::vector<std::uint8_t>;

// Text with repetitions, runs, noise, or a mixture; from no bytes to `most`.
Bytes make_plain(Choices& choices, std::uint32_t most);

struct CompressedStream {
  Bytes bytes;
  Bytes dictionary;  // that it was made with, or empty
  int window_bits;   // as inflateInit2 takes them, to read it
};

// A stream of any format, window, level, strategy, flushes, header fields, with or without a preset
// dictionary; sometimes followed by other bytes.
CompressedStream make_stream(Choices& choices);
// Cuts, flips, inserts or removes; sometimes does nothing.
void damage(Choices& choices, Bytes& bytes);

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_MATERIAL_HPP_
