// The words of DEFLATE compression: formats, flushes, strategies, limits, and what a step of a
// stream can end with. RFC 1950 (zlib), 1951 (DEFLATE), 1952 (gzip).
#ifndef WD_DEFLATE_HPP_
#define WD_DEFLATE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class Format : std::uint8_t {
  raw,        // RFC 1951: no header, no checksum
  zlib,       // RFC 1950
  gzip,       // RFC 1952
  automatic,  // decompression only: zlib or gzip, as the header says
};

// What a step asks for besides progress. The numbers are zlib's.
enum class Flush : std::uint8_t {
  none = 0,     // the stream decides when to emit
  partial = 1,  // all input so far can be decoded; not byte-aligned
  sync = 2,     // the same, ending on a byte boundary with an empty stored block
  full = 3,     // the same, and decoding can start afresh behind it
  finish = 4,   // no more input: end the stream
  block = 5,    // compression: end the block, without aligning. Decompression: stop at block ends
  trees = 6,    // decompression only: stop at block headers too
};

enum class Strategy : std::uint8_t {
  standard = 0,
  filtered = 1,
  huffman_only = 2,
  rle = 3,
  fixed = 4
};

// What a step of a stream ended with. The numbers are zlib's return codes.
enum class StreamCode : std::int8_t {
  ok = 0,               // progress; not the end
  end = 1,              // the stream is complete
  need_dictionary = 2,  // set_dictionary() first, then go on
  stream_error = -2,    // the call makes no sense in this state; nothing happened
  data_error = -3,      // the input is no valid stream
  no_memory = -4,
  buffer_error = -5,  // no progress was possible; give more input or more room
};

inline constexpr int kMinLevel = 0;  // stored
inline constexpr int kMaxLevel = 9;  // smallest
inline constexpr int kDefaultLevel = 6;
inline constexpr int kMinWindowBits = 8;  // log2 of the window in bytes
inline constexpr int kMaxWindowBits = 15;
inline constexpr int kMinMemoryLevel = 1;
inline constexpr int kMaxMemoryLevel = 9;
inline constexpr int kDefaultMemoryLevel = 8;

WD_NAMESPACE_END

#endif  // WD_DEFLATE_HPP_
