// A request to the ZIP engine and what it becomes in a ring: pure functions from request to
// descriptor bytes, and from a finished descriptor to what it says.
//
// Nothing is checked here but what a table decides: who makes a Request sees to its limits. An
// address that the engine cannot parse resets the device for everybody.
#ifndef WD_HISI_ZIP_DESCRIPTOR_HPP_
#define WD_HISI_ZIP_DESCRIPTOR_HPP_

#include <cstdint>

#include "hisi/qm/queue.hpp"
#include "ring/ring.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// What the engine makes or reads; the numbers are its own.
enum class Coding : std::uint8_t {
  deflate = 0x01,
  zlib = 0x02,
  gzip = 0x03,
  lz4 = 0x04,
  lz77_only = 0x40,
  lz77_only_best = 0x41,
  lz77_zstd_best = 0x42,
  lz77_zstd = 0x43,
};

// A queue is for one of them; the numbers are the kernel's kinds of queue.
enum class Direction : std::uint8_t { compress = 0, decompress = 1 };

enum class Window : std::uint8_t { k4, k8, k16, k24, k32 };

// What one piece of a stream leaves for the next. The words are the engine's business.
struct StreamWords {
  std::uint32_t context[3] = {0, 0, 0};
  std::uint32_t body_bytes = 0;
  std::uint32_t checksum = 0;
};

struct Request {
  Coding coding = Coding::deflate;
  Window window = Window::k32;
  bool scattered = false;  // both addresses are those of scatter lists
  std::uint64_t source = 0;
  std::uint32_t source_bytes = 0;
  std::uint32_t source_skip = 0;  // of a scatter list's bytes
  std::uint64_t destination = 0;
  std::uint32_t destination_bytes = 0;
  std::uint32_t destination_skip = 0;

  bool stateful = false;
  bool first = true;   // of its stream
  bool finish = true;  // the input ends with this piece
  std::uint64_t context = 0;
  StreamWords words;

  // lz77: the sequences go to `destination`.
  std::uint64_t literals = 0;
  std::uint32_t literals_bytes = 0;
};

// How a generation of queues wants its descriptors.
struct Dialect {
  std::uint8_t descriptor_type;
  std::uint8_t tag_word;
};
[[nodiscard]] const Dialect& dialect_of(unsigned qm_version) noexcept;

[[nodiscard]] Descriptor encode(const Dialect& dialect, const Request& request,
                                ring::Tag tag) noexcept;

enum class Verdict : std::uint8_t {
  done,
  end,        // decompression: behind the last block and its trailer
  no_room,    // the destination is too small
  bad_check,  // decompression: the trailer's checksum is another
  fault,      // a status that nobody has described
};

// What a finished descriptor says. Counts are the device's word: compare them with the request
// before they are used.
struct Outcome {
  Verdict verdict;
  std::uint8_t status;
  bool last_block;
  std::uint32_t consumed;
  std::uint32_t produced;        // bytes; of lz77, sequences
  std::uint32_t literals_bytes;  // lz77 only
  StreamWords words;
};
[[nodiscard]] Outcome decode(const Descriptor& answer) noexcept;

// Within the context words.
[[nodiscard]] constexpr std::uint32_t context_state(const StreamWords& words) noexcept {
  return words.context[0] & 0xf;
}
[[nodiscard]] constexpr bool final_block_seen(const StreamWords& words) noexcept {
  return (words.context[0] >> 7 & 1) != 0;
}
[[nodiscard]] constexpr std::uint32_t cached_bits(const StreamWords& words) noexcept {
  return words.context[0] >> 10 & 0x3f;
}
[[nodiscard]] constexpr std::uint32_t stored_bytes_left(const StreamWords& words) noexcept {
  return words.context[1] & 0x7ffff;
}
[[nodiscard]] constexpr std::uint32_t window_bytes(const StreamWords& words) noexcept {
  return words.context[2] & 0xffff;
}

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_DESCRIPTOR_HPP_
