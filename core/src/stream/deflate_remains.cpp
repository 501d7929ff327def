#include "wd/deflate_remains.hpp"

#include <algorithm>

WD_NAMESPACE_BEGIN

namespace {

// zlib reads into a buffer of two windows, and moves it down by one when what it works at comes
// within the longest match and a bit of its end. So what it can give as dictionary is up to that
// much less than a window.
constexpr std::uint32_t kWindow = 32768;
constexpr std::uint32_t kLongestMatch = 258;
constexpr std::uint32_t kShortestMatch = 3;
constexpr std::uint32_t kMoveAt = 2 * kWindow - (kLongestMatch + kShortestMatch + 1);

// Where a message of `bytes` ends in zlib's buffer.
std::uint32_t end_of_message(std::uint32_t bytes) noexcept {
  return bytes < kMoveAt ? bytes : bytes - ((bytes - kMoveAt) / kWindow + 1) * kWindow;
}

// Where a dictionary of up to a window ends if what was there ended at `end`. The last bytes of it,
// too few for a match, are not worked at.
std::uint32_t end_of_dictionary(std::uint32_t end, std::uint32_t bytes) noexcept {
  constexpr std::uint32_t kNotWorkedAt = kShortestMatch - 1;
  if (end >= kMoveAt) end -= kWindow;
  end += bytes;
  return bytes >= kShortestMatch && end >= kMoveAt + kNotWorkedAt ? end - kWindow : end;
}

}  // namespace

void DeflateRemains::copy_from(const DeflateRemains& source, const DeflateArena& source_arena,
                               DeflateArena& arena) noexcept {
  *this = source;
  arena.store_from(source_arena, std::max(output_end_, history_bytes()));
}

void DeflateRemains::append(DeflateArena& arena, const std::uint8_t* data,
                            std::size_t bytes) noexcept {
  arena.store(output_end_, data, bytes);
  output_end_ += static_cast<std::uint32_t>(bytes);
}

std::uint32_t DeflateRemains::take(const DeflateArena& arena, std::uint8_t* to,
                                   std::uint32_t room) noexcept {
  const std::uint32_t bytes = std::min(output_bytes(), room);
  arena.fetch(output_at_, to, bytes);
  output_at_ += bytes;
  return bytes;
}

void DeflateRemains::keep_history(DeflateArena& arena, const std::uint8_t* last,
                                  std::uint32_t bytes, std::uint32_t all_bytes) noexcept {
  // The input is the caller's and gone when this call returns. Copying the end of it is not
  // measurable beside compressing it.
  window_end_ = end_of_message(all_bytes);
  if (history_bytes() > bytes) window_end_ = bytes;  // less is known than zlib would know
  arena.store(0, last + (bytes - history_bytes()), history_bytes());
  output_at_ = output_end_ = kHistoryBytes;
}

void DeflateRemains::add_dictionary(DeflateArena& arena, const std::uint8_t* dictionary,
                                    std::uint32_t bytes) noexcept {
  const std::uint32_t before = history_bytes();
  if (bytes >= kWindow) {
    dictionary += bytes - kWindow;
    bytes = kWindow;
    window_end_ = 0;
  }
  window_end_ = end_of_dictionary(window_end_, bytes);
  if (bytes > history_bytes()) {  // it moved the window, and its own beginning out of it
    dictionary += bytes - history_bytes();
    bytes = history_bytes();
  }
  const std::uint32_t kept = history_bytes() - bytes;
  std::uint8_t part[512];
  for (std::uint32_t at = 0, moved = 0; at != kept; at += moved) {
    moved = std::min<std::uint32_t>(kept - at, sizeof(part));
    arena.fetch(before - kept + at, part, moved);
    arena.store(at, part, moved);
  }
  arena.store(kept, dictionary, bytes);
}

void DeflateRemains::get_dictionary(const DeflateArena& arena, std::uint8_t* to,
                                    std::uint32_t* bytes) const noexcept {
  if (to != nullptr) arena.fetch(0, to, history_bytes());
  if (bytes != nullptr) *bytes = history_bytes();
}

StreamCode DeflateRemains::prime(DeflateArena& arena, int bits, int value) noexcept {
  if (!output_waits()) output_at_ = output_end_ = kHistoryBytes;
  if (bits < 0 || bits > 16 || output_end_ + 2 > arena.store_capacity())
    return StreamCode::buffer_error;
  std::uint32_t all = bits_ | (static_cast<std::uint32_t>(value) & ((1u << bits) - 1))
                                  << bit_count_;
  std::uint32_t count = bit_count_ + static_cast<std::uint32_t>(bits);
  for (; count >= 8; count -= 8, all >>= 8) {
    const auto byte = static_cast<std::uint8_t>(all);
    append(arena, &byte, 1);
  }
  bits_ = static_cast<std::uint8_t>(all);
  bit_count_ = static_cast<std::uint8_t>(count);
  return StreamCode::ok;
}

WD_NAMESPACE_END
