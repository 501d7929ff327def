// A descriptor of the ZIP engine, read into words with names, and its answer written into it.
#ifndef WD_EMULATOR_ZIP_REQUEST_HPP_
#define WD_EMULATOR_ZIP_REQUEST_HPP_

#include <cstdint>

#include "model/engine.hpp"
#include "options.hpp"

namespace wd::emulator::zip {

enum class Status : std::uint8_t {
  ok = 0x00,
  grew = 0x0d,  // compressed, but it became longer
  no_room = 0x0e,
  checksum_mismatch = 0x10,
  stream_end = 0x13,
  // No sheet has codes for what follows; a driver can only take them for failures.
  corrupt = 0x21,
  bad_request = 0x22,
  bad_context = 0x23,
};

enum class Format : std::uint8_t { deflate = 0x01, zlib = 0x02, gzip = 0x03, lz77_zstd = 0x43 };

// In bits 3:0 of the first context word: where a stream stands that needs another call.
enum class StreamState : std::uint8_t {
  underway = 0,
  last_block_no_room = 1,
  no_room = 2,
  block_not_started = 3,
  trailer_missing = 4,
};

// The words that carry a stream from one request to the next, besides its context.
struct StreamWords {
  std::uint32_t word0 = 0;  // 3:0 state, 7 last block seen, 15:10 bits that are cached
  std::uint32_t word1 = 0;  // 18:0 what is left of a stored block
  std::uint32_t word2 = 0;  // 15:0 bytes in the window
  std::uint32_t total = 0;
  std::uint32_t checksum = 0;
};

struct Request {
  std::uint32_t input_bytes;
  std::uint32_t input_offset;
  std::uint32_t room_bytes;
  std::uint32_t room_offset;
  bool finish;
  bool stateful;
  bool is_new;
  bool scattered;
  Format format;
  std::uint32_t window_bytes;
  std::uint64_t source;
  std::uint64_t destination;
  std::uint64_t context;
  std::uint64_t literals;
  std::uint32_t literals_room;
  StreamWords stream;
};

struct Answer {
  Status status = Status::ok;
  std::uint32_t consumed = 0;
  std::uint32_t produced = 0;
  std::uint32_t literals = 0;
  bool last_block = false;
  StreamWords stream;
};

// Whether the descriptor is one that the hardware of this version takes: its type, its request, and
// zeros where nothing may be.
bool decode(const Descriptor& words, Api api, Request& request);
void encode(const Answer& answer, Descriptor& words);

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_REQUEST_HPP_
