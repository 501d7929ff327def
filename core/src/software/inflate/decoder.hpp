// A streaming decoder of raw DEFLATE (RFC 1951) that makes zlib's progress in every call, to the
// byte: what RawInflate and inflateBack() are made of.
//
// Which input has been taken when a call ends, which bits wait, where inflateMark() points, which
// of two errors is found first: all of that shows, and programs depend on it. So the decoder goes
// through the states that zlib goes through, one field of the format after the other, where a call
// may end; and through whole symbols at once where it cannot.
#ifndef WD_SOFTWARE_INFLATE_DECODER_HPP_
#define WD_SOFTWARE_INFLATE_DECODER_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/overlap.hpp"
#include "software/inflate/cursor.hpp"
#include "software/inflate/decode_table.hpp"
#include "software/inflate/wide_loop.hpp"
#include "software/inflate/window.hpp"
#include "wd/allocator.hpp"
#include "wd/deflate.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

class Decoder {
 public:
  // What comes next. Ordered: all from `bad` on decode nothing.
  enum class State : std::uint8_t {
    start,            // of the stream: like block, but the caller has not stopped there
    block,            // a block has ended
    block_header,     // block, and the caller goes on
    stored_length,    // of a stored block
    stored_begin,     // behind that length
    stored,           // its bytes
    code_counts,      // of a dynamic block
    precode_lengths,  // its three-bit lengths
    code_lengths,     // of its codes for literals, lengths and distances
    codes_begin,      // behind all headers
    length_code,      // a literal or a length
    length_extra,     // its extra bits
    distance_code,
    distance_extra,
    copy,     // room for what a length and a distance say
    literal,  // room for a literal
    ended,
    bad,
    no_memory,
  };

  void open(int window_bits) noexcept;
  void reset(int window_bits, const Allocator& memory) noexcept;
  void reset_keep_history() noexcept;
  void close(const Allocator& memory) noexcept { window_.release(memory); }
  [[nodiscard]] bool copy_from(const Decoder& source, const Allocator& memory) noexcept;

  [[nodiscard]] Cursor begin(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                             std::size_t out_bytes) const noexcept {
    return {in,  in + in_bytes, out,   out + out_bytes,
            out, hold_,         bits_, room_is_window_ || overlap(in, in_bytes, out, out_bytes)};
  }
  // Goes on until the input ends, the room does, or `flush` says to stop, or there is no more.
  void run(Cursor& cursor, Flush flush) noexcept;
  struct Passed {
    std::uint32_t consumed;  // 0: not such a call, nothing happened
    std::uint32_t produced;
  };
  // A call that begins and ends within stored blocks, one or two, and stops nowhere else: a copy.
  // Most calls for data that cannot be compressed are.
  Passed pass_stored(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                     std::uint32_t out_bytes) noexcept {
    if (state_ != State::stored) return {0, 0};
    return copy_stored(in, in_bytes, out, out_bytes);
  }
  // Remembers the `produced` bytes of a call that end at `end`, where zlib would. False, and
  // no_memory from then on, without memory.
  [[nodiscard]] bool remember(const std::uint8_t* end, std::size_t produced, Flush flush,
                              const Allocator& memory) noexcept;

  bool prime(int bits, int value) noexcept;
  bool set_dictionary(const std::uint8_t* end, std::size_t bytes, const Allocator& memory) noexcept;
  // Of a window that is the output itself, filled up to `have`.
  void borrow_window(std::uint8_t* data, int size_bits, std::uint32_t have) noexcept {
    window_.borrow(data, size_bits, have);
    room_is_window_ = have != 0;
  }

  // A larger table, of kLargeLitlenEntries, in the caller's memory until the next open().
  void lend_table(Entry* table) noexcept { large_litlen_ = table; }

  [[nodiscard]] State state() const noexcept { return state_; }
  // Why run() stopped, where it could go on: for room, or else for input.
  [[nodiscard]] bool waits_for_room(const Cursor& cursor) const noexcept {
    if (state_ == State::stored) return cursor.have() != 0;
    return state_ == State::copy || state_ == State::literal;
  }
  [[nodiscard]] const Window& window() const noexcept { return window_; }
  [[nodiscard]] const char* message() const noexcept { return message_; }
  [[nodiscard]] int data_type() const noexcept;
  [[nodiscard]] std::uint32_t held() const noexcept { return static_cast<std::uint32_t>(hold_); }
  [[nodiscard]] unsigned held_bits() const noexcept { return bits_; }
  [[nodiscard]] long mark() const noexcept;
  [[nodiscard]] bool at_sync_point() const noexcept {
    return state_ == State::stored_length && bits_ == 0;
  }
  [[nodiscard]] unsigned long codes_used() const noexcept;

 private:
  // Whether a step came to another state, or can come no further in this call.
  enum class Next : bool { stop, go_on };

  Next step(Cursor& cursor, Flush flush) noexcept;
  Next fail(const char* message) noexcept;

  // block_headers.cpp
  Next read_block_header(Cursor& cursor, Flush flush) noexcept;
  Next read_stored_length(Cursor& cursor, Flush flush) noexcept;
  Next read_stored(Cursor& cursor) noexcept;
  Passed copy_stored(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                     std::uint32_t out_bytes) noexcept;
  Next read_code_counts(Cursor& cursor) noexcept;
  Next read_precode_lengths(Cursor& cursor) noexcept;
  Next read_code_lengths(Cursor& cursor, Flush flush) noexcept;
  void read_code_lengths_ahead(Cursor& cursor) noexcept;
  Next build_codes(Flush flush) noexcept;

  // symbols.cpp
  Next read_symbols(Cursor& cursor) noexcept;
  bool read_symbols_wide(Cursor& cursor) noexcept;
  void read_symbols_ahead(Cursor& cursor) noexcept;
  Next read_symbol(Cursor& cursor) noexcept;
  Next read_as_fast(Cursor& cursor) noexcept;
  Next read_symbol_part(Cursor& cursor) noexcept;
  Next read_length_code(Cursor& cursor) noexcept;
  Next read_length_extra(Cursor& cursor) noexcept;
  Next read_distance_code(Cursor& cursor) noexcept;
  Next read_distance_extra(Cursor& cursor) noexcept;
  Next copy(Cursor& cursor) noexcept;
  Next write_literal(Cursor& cursor) noexcept;
  // How much of what lies before the call's output there is. A window that is the output gives it
  // up byte by byte.
  [[nodiscard]] std::size_t remembered(const Cursor& cursor) const noexcept {
    return window_.have() - (room_is_window_ ? cursor.produced() : 0);
  }
  [[nodiscard]] bool amid_symbol() const noexcept {
    return state_ > State::length_code && state_ < State::ended;
  }
  [[nodiscard]] Tables tables() const noexcept {
    if (fixed_) return {fixed_tables().litlen, kLitlenBits, fixed_tables().distance};
    if (large_litlen_ != nullptr) return {large_litlen_, kLargeLitlenBits, distance_};
    return {litlen_, kLitlenBits, distance_};
  }

  // Which of the codes below are complete, for codes_used().
  enum class Built : std::uint8_t { none, precode, litlen, both };

  State state_ = State::start;
  bool last_block_ = false;
  bool fixed_ = false;
  // Bytes of room behind the output are not to be touched: they are the window.
  bool room_is_window_ = false;
  Built built_ = Built::none;
  unsigned bits_ = 0;
  std::uint64_t hold_ = 0;
  WideLoop* wide_loop_ = nullptr;
  const char* message_ = nullptr;
  Window window_;
  // Left of a stored block, or of a copy; or a literal that waits for room.
  std::uint32_t length_ = 0;
  std::uint32_t whole_length_ = 0;  // of the copy
  std::uint32_t back_ = 0;          // how far the copy's source lies back
  std::uint32_t extra_bits_ = 0;
  // Bits of the symbol read so far; -1 behind the end of a block. zlib's `back`.
  int symbol_bits_ = -1;
  std::uint16_t litlen_count_ = 0;
  std::uint16_t distance_count_ = 0;
  std::uint16_t precode_count_ = 0;
  std::uint16_t lengths_read_ = 0;
  // Of the codes that were built last.
  std::uint16_t built_litlen_count_ = 0;
  std::uint16_t built_distance_count_ = 0;
  std::uint8_t precode_lengths_[kPrecodeSymbols];
  // Of literals and lengths, then of distances; and what a wide store writes beyond.
  static constexpr std::size_t kMaxLengths = 286 + 30;
  static constexpr std::size_t kLengthsStep = 16;
  std::uint8_t lengths_[kMaxLengths + kLengthsStep];
  Entry* large_litlen_ = nullptr;  // lent, in place of the next one
  Entry litlen_[kLitlenEntries];
  // The precode's table, too: it is needed no more when this one is built.
  Entry distance_[kDistanceEntries];
};

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_DECODER_HPP_
