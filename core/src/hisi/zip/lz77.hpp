// Matches found by the engine, for coders that do the rest themselves (zstd): literals in one
// buffer, sequences in another. From the third generation on, where the device lists lz77_zstd.
#ifndef WD_HISI_ZIP_LZ77_HPP_
#define WD_HISI_ZIP_LZ77_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "hisi/zip/descriptor.hpp"
#include "hisi/zip/lane.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// As the engine writes them, in the shape of zstd's own.
struct Lz77Sequence {
  std::uint32_t offset;
  std::uint16_t literals_bytes;
  std::uint16_t match_bytes;
};
static_assert(sizeof(Lz77Sequence) == 8);

enum class Lz77Kind : std::uint8_t { zstd, plain };
enum class Lz77Effort : std::uint8_t { standard, best };

// One piece of input and the room for what comes of it: literals at its beginning, sequences
// behind.
struct Lz77Piece {
  Lz77Kind kind = Lz77Kind::zstd;
  Lz77Effort effort = Lz77Effort::standard;
  bool stateful = false;
  std::uint64_t source = 0;
  std::uint32_t source_bytes = 0;
  std::uint64_t room = 0;
  std::size_t room_bytes = 0;
};

// With all fields that are not a stream's. invalid_argument for more input than the engine takes at
// once (128 KiB for zstd), output_full for too little room.
Result<Request> lz77_request(const Lz77Piece& piece) noexcept;

// What came of it. One sequence of a zstd block may be longer than its 16 bits say: zstd's rule for
// the one at `overflow_at`.
struct Lz77Answer {
  std::uint32_t literals_bytes;
  std::uint32_t sequences;
  std::uint32_t overflow_at;
  std::uint32_t overflows;
};
[[nodiscard]] Lz77Answer lz77_answer(const Outcome& outcome) noexcept;

// What the engine found in one piece of input. Literals of all sequences are together, in order,
// and behind them those that no match follows.
class Lz77Matches {
 public:
  // A field of a sequence of zstd's that is 64 KiB longer than it says; there is at most one.
  enum class LongField : std::uint8_t { none, literals, match };

  Lz77Matches(const std::uint8_t* room, std::size_t sequences_at, const Lz77Answer& answer,
              LongField long_field) noexcept
      : room_(room), sequences_at_(sequences_at), answer_(answer), long_field_(long_field) {}

  // In the caller's room.
  [[nodiscard]] std::span<const std::uint8_t> literals() const noexcept {
    return {room_, answer_.literals_bytes};
  }
  [[nodiscard]] std::uint32_t sequences() const noexcept { return answer_.sequences; }
  [[nodiscard]] Lz77Sequence sequence(std::uint32_t number) const noexcept {
    return sequence_at(room_ + sequences_at_, number);
  }
  [[nodiscard]] LongField long_field() const noexcept { return long_field_; }
  [[nodiscard]] std::uint32_t long_at() const noexcept { return answer_.overflow_at; }

  // They stand at any address.
  static Lz77Sequence sequence_at(const std::uint8_t* sequences, std::uint32_t number) noexcept {
    Lz77Sequence sequence;
    std::memcpy(&sequence, sequences + number * sizeof(sequence), sizeof(sequence));
    return sequence;
  }

 private:
  const std::uint8_t* room_;
  std::size_t sequences_at_;
  Lz77Answer answer_;
  LongField long_field_;
};

// zstd's matches of a message of up to 128 KiB; a distance is zstd's (three more than it is, the
// first three being distances used before), as is the length of a match (three less than it is).
// Room is for as many literals as input, and 16 bytes; 8 bytes for each sequence; and 792 for
// tables behind them. lz77_room_bytes() is enough for any input. output_full, or as Lane::run();
// what cannot make up the input is a device_fault.
[[nodiscard]] Result<Lz77Matches> find_matches(Lane& lane, Lz77Effort effort, const void* in,
                                               std::size_t in_bytes, void* room,
                                               std::size_t room_bytes) noexcept;
[[nodiscard]] constexpr std::size_t lz77_room_bytes(std::size_t in_bytes) noexcept {
  // Sequences are of three bytes or more.
  return in_bytes + 16 + (in_bytes / 3 + 1) * sizeof(Lz77Sequence) + 8 + 784;
}

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_LZ77_HPP_
