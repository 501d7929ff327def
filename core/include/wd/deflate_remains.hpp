// What waits in a stream's arena while no streaming engine runs there: output that the caller had
// no room for; and, behind a message that was finished at once, what zlib would still know of it:
// the history in its window, and bits that were added behind the end.
//
// Threading: one thread at a time. Ownership: the bytes are in the arena, which every call is given
// and which an engine that starts there overwrites.
#ifndef WD_DEFLATE_REMAINS_HPP_
#define WD_DEFLATE_REMAINS_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/deflate_arena.hpp"

WD_NAMESPACE_BEGIN

class WD_API DeflateRemains {
 public:
  void clear() noexcept { *this = {}; }
  // Becomes a copy of `source`, whose arena has blocks of the same sizes.
  void copy_from(const DeflateRemains& source, const DeflateArena& source_arena,
                 DeflateArena& arena) noexcept;

  // Output, in the order in which it came. What is appended must fit: into store_capacity() of the
  // arena, or behind a message into output_capacity().
  [[nodiscard]] bool output_waits() const noexcept { return output_at_ != output_end_; }
  [[nodiscard]] std::uint32_t output_bytes() const noexcept { return output_end_ - output_at_; }
  void append(DeflateArena& arena, const std::uint8_t* data, std::size_t bytes) noexcept;
  // Up to `room` bytes of it; how many.
  std::uint32_t take(const DeflateArena& arena, std::uint8_t* to, std::uint32_t room) noexcept;

  // A message of these bytes is finished. Only for windows of 32 KiB.
  void keep_history(DeflateArena& arena, const std::uint8_t* in, std::uint32_t bytes) noexcept {
    keep_history(arena, in, bytes, bytes);
  }
  // The same of a message of `all_bytes` whose last ones are these.
  void keep_history(DeflateArena& arena, const std::uint8_t* last, std::uint32_t bytes,
                    std::uint32_t all_bytes) noexcept;
  [[nodiscard]] static std::size_t output_capacity(const DeflateArena& arena) noexcept {
    return arena.store_capacity() - kHistoryBytes;
  }
  // zlib's functions, behind the end. Without a message there is no history.
  void add_dictionary(DeflateArena& arena, const std::uint8_t* dictionary,
                      std::uint32_t bytes) noexcept;
  void get_dictionary(const DeflateArena& arena, std::uint8_t* to,
                      std::uint32_t* bytes) const noexcept;
  // buffer_error for numbers of bits other than 0 to 16, or without room.
  StreamCode prime(DeflateArena& arena, int bits, int value) noexcept;
  // Bits that make no byte yet.
  [[nodiscard]] int bits() const noexcept { return bit_count_; }

 private:
  // The arena begins with the history; behind a message, output follows it.
  static constexpr std::uint32_t kHistoryBytes = 32768;

  [[nodiscard]] std::uint32_t history_bytes() const noexcept {
    return window_end_ < kHistoryBytes ? window_end_ : kHistoryBytes;
  }

  std::uint32_t output_at_ = 0;  // in the arena
  std::uint32_t output_end_ = 0;
  std::uint32_t window_end_ = 0;  // where what zlib has read would end in its window
  std::uint8_t bits_ = 0;
  std::uint8_t bit_count_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_DEFLATE_REMAINS_HPP_
