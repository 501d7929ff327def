#include "hisi/zip/piece_rules.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

namespace hisi::zip {

namespace {

// ctx_st, as far as it is known.
constexpr std::uint32_t kLastBlockNoRoom = 1;
constexpr std::uint32_t kNoRoom = 2;
constexpr std::uint32_t kBlockNotStarted = 3;

Piece piece_of(std::size_t in_bytes, std::size_t out_bytes, std::uint32_t most) noexcept {
  const auto part = [most](std::size_t bytes) {
    return static_cast<std::uint32_t>(std::min<std::size_t>(bytes, most));
  };
  const bool staged = out_bytes <= kLeastRoomBytes;
  return {part(in_bytes), staged ? kStagingBytes : part(out_bytes), false, staged};
}

// A DEFLATE body's blocks (RFC 1951), as far as they are among the last bits that there are.
class BlockWalk {
 public:
  // `bits` of them from the lowest bit of `data` on, at most 63; they end on a byte border.
  BlockWalk(const std::uint8_t* data, unsigned bits) noexcept : left_(bits) {
    for (unsigned i = 0; i * 8 < bits; ++i) bits_ |= std::uint64_t{data[i]} << (8 * i);
  }

  // Whether a final block begins within them. It may be cut off.
  [[nodiscard]] bool meets_final_block() noexcept {
    walk();
    return final_;
  }
  // Whether there is a literal, a copy, a stored byte or something wrong among them.
  [[nodiscard]] bool has_news() noexcept {
    walk();
    return news_;
  }

 private:
  // An empty block of fixed codes: 1 bit, 2 bits, and the 7 of the end of block.
  static constexpr unsigned kShortestBlockBits = 10;

  // Zeros behind the end, and left_ is 0 then.
  std::uint32_t take(unsigned count) noexcept {
    const auto value = static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
    bits_ >>= count;
    left_ = left_ > count ? left_ - count : 0;
    return value;
  }
  void walk() noexcept {
    while (!final_ && left_ >= kShortestBlockBits)
      if (!skip_block()) return;
  }
  // False if it is not there as a whole.
  bool skip_block() noexcept {
    final_ = take(1) != 0;
    const std::uint32_t type = take(2);
    if (type == 3) news_ = true;
    // With codes of its own, a block is longer than what can be cached.
    return type == 0 ? skip_stored() : type == 1 && skip_fixed();
  }
  bool skip_stored() noexcept {
    take(left_ % 8);
    if (left_ < 32) return false;
    const unsigned bytes = take(16);
    const unsigned complement = take(16);
    news_ = news_ || (bytes ^ complement) != 0xffff || (bytes != 0 && left_ >= 8);
    if (bytes * 8 >= left_) return false;
    take(bytes * 8);
    return true;
  }
  // A code's bits come with the highest first.
  std::uint32_t take_code(unsigned count) noexcept {
    std::uint32_t code = 0;
    for (; count != 0; --count) code = code << 1 | take(1);
    return code;
  }
  // RFC 1951, 3.2.6, and 3.2.5 for the extra bits.
  bool skip_fixed() noexcept {
    while (left_ >= 7) {
      const std::uint32_t seven = take_code(7);
      if (seven == 0) return true;
      news_ = news_ || seven < 0x18 || left_ != 0;
      if (seven >= 0x18) {
        // Literals of 8 and 9 bits, and the eight lengths of 8 bits in between.
        const std::uint32_t eight = seven << 1 | take(1);
        if (eight >= 0xc8) take(1);
        if (eight < 0xc0 || eight >= 0xc8) continue;
        take(eight == 0xc0 ? 4 : eight == 0xc5 ? 0 : 5);
      } else {
        take(seven < 9 ? 0 : (seven - 5) / 4);
      }
      const std::uint32_t distance = take_code(5);
      take(distance < 4 ? 0 : distance / 2 - 1);
    }
    return false;
  }

  std::uint64_t bits_ = 0;
  unsigned left_;
  bool final_ = false;
  bool news_ = false;
};

}  // namespace

Piece compression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish,
                        std::uint32_t most) noexcept {
  Piece piece = piece_of(in_bytes, out_bytes, most);
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

Piece decompression_piece(std::size_t in_bytes, std::size_t out_bytes, bool finish,
                          std::uint32_t most) noexcept {
  Piece piece = piece_of(in_bytes, out_bytes, most);
  piece.finish = finish && piece.source_bytes == in_bytes;
  return piece;
}

bool calls_again(Coding coding, const StreamWords& words, bool all_consumed,
                 const std::uint8_t* cached_tail) noexcept {
  switch (context_state(words)) {
    case kLastBlockNoRoom:
      return true;
    case kNoRoom:
      return all_consumed && final_block_seen(words) && stored_bytes_left(words) != 0;
    case kBlockNotStarted:
      // A final block may wait whole in what the engine has cached. It may also be cut off: then
      // the call makes no progress, which does no harm.
      return coding == Coding::deflate && all_consumed &&
             BlockWalk(cached_tail, cached_bits(words)).meets_final_block();
    default:
      return false;
  }
}

bool withholds_output(Coding coding, const StreamWords& words,
                      const std::uint8_t* cached_tail) noexcept {
  return coding == Coding::deflate && context_state(words) == kBlockNotStarted &&
         BlockWalk(cached_tail, cached_bits(words)).has_news();
}

Window window_of(int window_bits) noexcept {
  // Windows below 4 KiB are not the engine's: whoever asks for one is refused before.
  if (window_bits <= 12) return Window::k4;
  if (window_bits == 13) return Window::k8;
  return window_bits == 14 ? Window::k16 : Window::k32;
}

}  // namespace hisi::zip

WD_NAMESPACE_END
