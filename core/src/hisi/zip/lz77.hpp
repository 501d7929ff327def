// Matches found by the engine, for coders that do the rest themselves (zstd): literals in one
// buffer, sequences in another. From the third generation on, where the device lists lz77_zstd.
#ifndef WD_HISI_ZIP_LZ77_HPP_
#define WD_HISI_ZIP_LZ77_HPP_

#include <cstddef>
#include <cstdint>

#include "hisi/zip/descriptor.hpp"
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

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_LZ77_HPP_
