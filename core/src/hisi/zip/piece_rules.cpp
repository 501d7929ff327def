#include "hisi/zip/piece_rules.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// ctx_st, as far as it is known.
constexpr std::uint32_t kLastBlockNoRoom = 1;
constexpr std::uint32_t kNoRoom = 2;
constexpr std::uint32_t kBlockNotStarted = 3;

std::uint32_t most(std::size_t bytes) noexcept {
  return static_cast<std::uint32_t>(std::min<std::size_t>(bytes, kMostPieceBytes));
}

Piece piece_of(std::size_t in_bytes, std::size_t out_bytes) noexcept {
  const bool staged = out_bytes <= kLeastRoomBytes;
  return {most(in_bytes), staged ? kStagingBytes : most(out_bytes), false, staged};
}

}  // namespace

Piece compression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish) noexcept {
  Piece piece = piece_of(in_bytes, out_bytes);
  // What cannot be compressed grows; the engine counts on an eighth more room than input. Where
  // there is less, less is given to it, in words, and the rest of the input follows in the next
  // piece.
  const auto fits = static_cast<std::uint32_t>(std::uint64_t{piece.destination_bytes} * 8 / 9) &
                    ~std::uint32_t{3};
  const bool room =
      std::uint64_t{piece.destination_bytes} * 8 >= std::uint64_t{piece.source_bytes} * 9;
  if (!room) piece.source_bytes = fits;
  piece.finish = finish && piece.source_bytes == in_bytes;
  return piece;
}

Piece decompression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish) noexcept {
  Piece piece = piece_of(in_bytes, out_bytes);
  piece.finish = finish && piece.source_bytes == in_bytes;
  return piece;
}

bool calls_again(Coding coding, const StreamWords& words, bool all_consumed,
                 const std::uint8_t* cached_tail) noexcept {
  // An empty final block of fixed codes: 1 bit, 2 bits, and the 7 of the end of block.
  constexpr std::uint32_t kShortestBlockBits = 10;
  switch (context_state(words)) {
    case kLastBlockNoRoom:
      return true;
    case kNoRoom:
      return all_consumed && final_block_seen(words) && stored_bytes_left(words) != 0;
    case kBlockNotStarted:
      // A final block (its first bit says so) may wait whole in what the engine has cached. It may
      // also be cut off: then the call makes no progress, which does no harm.
      return coding == Coding::deflate && all_consumed &&
             cached_bits(words) >= kShortestBlockBits && (cached_tail[0] & 1) != 0;
    default:
      return false;
  }
}

Window window_of(int window_bits) noexcept {
  // Windows below 4 KiB are not the engine's: whoever asks for one is refused before.
  if (window_bits <= 12) return Window::k4;
  if (window_bits == 13) return Window::k8;
  return window_bits == 14 ? Window::k16 : Window::k32;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
