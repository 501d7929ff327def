// What the ZIP engine wants of a piece of a stream: how much it is given at a time, and when it has
// to be called again. Pure functions.
#ifndef WD_HISI_ZIP_PIECE_RULES_HPP_
#define WD_HISI_ZIP_PIECE_RULES_HPP_

#include <cstddef>
#include <cstdint>

#include "hisi/zip/descriptor.hpp"
#include "wd/deflate.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace hisi::zip {

// The most that a flat address may stand for.
inline constexpr std::uint32_t kMostPieceBytes = std::uint32_t{8} << 20;
// And where it is copied, on its way to a device that does not share our addresses: several
// threads' pieces have to be in the same memory at once.
inline constexpr std::uint32_t kMostCopiedBytes = std::uint32_t{1} << 20;
// Input and output for four such pieces, and contexts.
inline constexpr std::size_t kShareBytes =
    8 * std::size_t{kMostCopiedBytes} + (std::size_t{1} << 20);
// The engine needs more room than this in a stateful request; with less it works into staging
// memory, which is drained piece by piece.
inline constexpr std::uint32_t kLeastRoomBytes = 200;
inline constexpr std::uint32_t kStagingBytes = 236;

// The memory of a stream's state: the engine's, and ours in what it leaves free.
inline constexpr std::size_t kContextBytes = 65536;
inline constexpr std::size_t kEngineContextAt = 64;
inline constexpr std::size_t kStagingAt = 0x9840;  // behind the 38 KiB that the engine may use
// Where the engine keeps input of which it has used some bits: behind the window.
inline constexpr std::size_t kCachedTailAt = 0xc00;

struct Piece {
  std::uint32_t source_bytes;
  std::uint32_t destination_bytes;
  bool finish;
  bool staged;  // into staging memory
};
// Of what is left to do, and not more than `most` on either side. `finish`: the input ends here.
[[nodiscard]] Piece compression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish,
                                      std::uint32_t most = kMostPieceBytes) noexcept;
[[nodiscard]] Piece decompression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish,
                                        std::uint32_t most = kMostPieceBytes) noexcept;

// The piece has used what it was given, yet there is more to come without further input.
// `cached_tail`: the 16 bytes at kCachedTailAt behind the window, rounded up to 16.
[[nodiscard]] bool calls_again(Coding coding, const StreamWords& words, bool all_consumed,
                               const std::uint8_t* cached_tail) noexcept;
// The engine has read input of which there is output, or that is wrong, but does not start its
// block before there is more of it. zlib's users count on getting that output.
[[nodiscard]] bool withholds_output(Coding coding, const StreamWords& words,
                                    const std::uint8_t* cached_tail) noexcept;
[[nodiscard]] constexpr std::size_t cached_tail_at(const StreamWords& words) noexcept {
  return kEngineContextAt + kCachedTailAt + (std::size_t{window_bytes(words)} + 15) / 16 * 16;
}

// How an empty last piece ends a body: the engine is never asked. Up to 5 bytes.
inline constexpr std::uint8_t kEmptyLastBlock[] = {0x01, 0x00, 0x00, 0xff, 0xff};

// The smallest window that the engine has and that streams of this size of window can be read with.
[[nodiscard]] Window window_of(int window_bits) noexcept;

// The engine's codings of our formats.
[[nodiscard]] constexpr Coding coding_of(Format format) noexcept {
  switch (format) {
    case Format::zlib:
      return Coding::zlib;
    case Format::gzip:
      return Coding::gzip;
    default:
      return Coding::deflate;
  }
}

}  // namespace hisi::zip

WD_NAMESPACE_END

#endif  // WD_HISI_ZIP_PIECE_RULES_HPP_
