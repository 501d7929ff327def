// Copies in steps wider than what is copied: they read and write beyond the end.
#ifndef WD_SOFTWARE_INFLATE_WIDE_COPY_HPP_
#define WD_SOFTWARE_INFLATE_WIDE_COPY_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "software/inflate/window.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

// The most that is written whatever the length, and behind the end of a longer copy.
inline constexpr std::size_t kWideStep = 48;
static_assert(kWideStep <= Window::kSlackBytes);

// memcpy of a constant size: one load, one store.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void copy_block(std::uint8_t* to, const std::uint8_t* from) noexcept {
  std::memcpy(to, from, kBytes);
}

[[gnu::always_inline]] inline void copy_words(std::uint8_t* to, const std::uint8_t* from) noexcept {
  copy_block<8>(to, from);
  copy_block<8>(to + 8, from + 8);
  copy_block<8>(to + 16, from + 16);
  copy_block<8>(to + 24, from + 24);
  copy_block<8>(to + 32, from + 32);
  copy_block<8>(to + 40, from + 40);
}

// From memory that lies 8 bytes or more before `to`, or elsewhere. In words: copies from 8 to 15
// bytes back are common, and whether this is one is hard to foretell.
[[gnu::always_inline]] inline void wide_copy_apart(std::uint8_t* to, const std::uint8_t* from,
                                                   std::size_t bytes) noexcept {
  std::uint8_t* const end = to + bytes;
  // One copy in thirty is longer than the first step.
  copy_words(to, from);
  if (bytes > kWideStep) [[unlikely]] {
    do {
      to += kWideStep;
      from += kWideStep;
      copy_words(to, from);
    } while (to + kWideStep < end);
  }
}

// From `back` bytes before `to`, or memory elsewhere that continues `back` bytes before it: what is
// copied may be part of the copy.
[[gnu::always_inline]] inline void wide_copy(std::uint8_t* to, const std::uint8_t* from,
                                             std::size_t back, std::size_t bytes) noexcept {
  if (back >= 8) [[likely]] {
    wide_copy_apart(to, from, bytes);
    return;
  }
  std::uint8_t* const end = to + bytes;
  if (back == 1) {
    const std::uint8_t byte = *from;
    do {
      std::memset(to, byte, 16);
      to += 16;
    } while (to < end);
  } else {
    // Each step doubles how much of the pattern there is.
    for (; back < 8 && to < end; back *= 2) {
      copy_block<8>(to, from);
      to += back;
    }
    for (; to < end; to += 8, from += 8) copy_block<8>(to, from);
  }
}

// The same without a byte read or written beyond.
[[gnu::always_inline]] inline void exact_copy(std::uint8_t* to, std::size_t back,
                                              std::size_t bytes) noexcept {
  const std::uint8_t* from = to - back;
  if (back >= 8 && bytes >= 8) {
    // The last step ends with the copy and overlaps the one before.
    std::uint8_t* const last = to + bytes - 8;
    for (; to < last; to += 8, from += 8) copy_block<8>(to, from);
    copy_block<8>(last, last - back);
    return;
  }
  if (back >= 4 && bytes >= 4 && bytes <= 8) {
    copy_block<4>(to, from);
    copy_block<4>(to + bytes - 4, from + bytes - 4);
    return;
  }
  for (; bytes != 0; --bytes) *to++ = *from++;
}

// A copy that begins in the window, `missing` bytes before its end, and may go on in the output,
// whose first byte is the next. The window may be the memory that is written to.
inline void copy_across(std::uint8_t* to, const Window& window, std::size_t missing,
                        std::size_t back, std::size_t bytes) noexcept {
  while (missing != 0 && bytes != 0) {
    const Span span = window.at(missing);
    const std::size_t part = std::min(span.bytes, bytes);
    std::memmove(to, span.data, part);
    to += part;
    missing -= part;
    bytes -= part;
  }
  exact_copy(to, back, bytes);
}

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_WIDE_COPY_HPP_
