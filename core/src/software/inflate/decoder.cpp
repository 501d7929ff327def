#include "software/inflate/decoder.hpp"

#include <cstring>

WD_NAMESPACE_BEGIN

namespace inflate {

void Decoder::open(int window_bits) noexcept {
  wide_loop_ = best_variant<WideLoop>(wide_loops(), cpu_features()).function;
  window_.reset(window_bits, Allocator{});
  large_litlen_ = nullptr;
  reset_keep_history();
}

void Decoder::reset(int window_bits, const Allocator& memory) noexcept {
  window_.reset(window_bits, memory);
  reset_keep_history();
}

void Decoder::reset_keep_history() noexcept {
  state_ = State::start;
  last_block_ = false;
  built_ = Built::none;
  hold_ = 0;
  bits_ = 0;
  symbol_bits_ = -1;
  message_ = nullptr;
}

bool Decoder::copy_from(const Decoder& source, const Allocator& memory) noexcept {
  // All that is in use of the tables lies in one piece, and so does the rest: copied as a whole.
  *this = source;
  if (large_litlen_ != nullptr) {
    // Lent to the other one. The lengths that were read last say what stands in it.
    large_litlen_ = nullptr;
    if (built_ == Built::both)
      static_cast<void>(build_litlen_table(litlen_, lengths_, built_litlen_count_));
  }
  return window_.copy_from(source.window_, memory);
}

void Decoder::run(Cursor& cursor, Flush flush) noexcept {
  if (state_ == State::block) state_ = State::block_header;  // where the last call stopped
  while (step(cursor, flush) == Next::go_on) continue;
  hold_ = cursor.hold;
  bits_ = cursor.bits;
}

Decoder::Next Decoder::step(Cursor& cursor, Flush flush) noexcept {
  switch (state_) {
    case State::start:
    case State::block:
    case State::block_header:
      return read_block_header(cursor, flush);
    case State::stored_length:
      return read_stored_length(cursor, flush);
    case State::stored_begin:
      state_ = State::stored;
      return Next::go_on;
    case State::stored:
      return read_stored(cursor);
    case State::code_counts:
      return read_code_counts(cursor);
    case State::precode_lengths:
      return read_precode_lengths(cursor);
    case State::code_lengths:
      return read_code_lengths(cursor, flush);
    case State::codes_begin:
      state_ = State::length_code;
      return Next::go_on;
    case State::length_code:
      return read_symbols(cursor);
    case State::length_extra:
    case State::distance_code:
    case State::distance_extra:
    case State::copy:
    case State::literal:
      return read_symbol(cursor);
    case State::ended:
    case State::bad:
    case State::no_memory:
      break;
  }
  return Next::stop;
}

Decoder::Next Decoder::fail(const char* message) noexcept {
  state_ = State::bad;
  message_ = message;
  return Next::stop;
}

bool Decoder::remember(const std::uint8_t* end, std::size_t produced, Flush flush,
                       const Allocator& memory) noexcept {
  const bool needed = window_.in_use() || (produced != 0 && state_ < State::bad &&
                                           (state_ < State::ended || flush != Flush::finish));
  if (!needed) return true;
  if (!window_.ensure(end - produced, memory)) {
    state_ = State::no_memory;
    return false;
  }
  window_.append(end, produced);
  return true;
}

bool Decoder::prime(int bits, int value) noexcept {
  if (bits < 0) {
    hold_ = 0;
    bits_ = 0;
    return true;
  }
  if (bits > 16 || bits_ + static_cast<unsigned>(bits) > 32) return false;
  hold_ |= low_bits(static_cast<std::uint32_t>(value), static_cast<unsigned>(bits)) << bits_;
  bits_ += static_cast<unsigned>(bits);
  return true;
}

bool Decoder::set_dictionary(const std::uint8_t* end, std::size_t bytes,
                             const Allocator& memory) noexcept {
  if (!window_.ensure(end - bytes, memory)) {
    state_ = State::no_memory;
    return false;
  }
  window_.append(end, bytes);
  return true;
}

int Decoder::data_type() const noexcept {
  int type = static_cast<int>(bits_);
  if (last_block_) type += 64;
  if (state_ == State::block) type += 128;
  if (state_ == State::codes_begin || state_ == State::stored_begin) type += 256;
  return type;
}

long Decoder::mark() const noexcept {
  const long back = symbol_bits_ * 65536L;
  if (state_ == State::stored) return back + static_cast<long>(length_);
  if (state_ == State::copy) return back + static_cast<long>(whole_length_ - length_);
  return back;
}

unsigned long Decoder::codes_used() const noexcept {
  switch (built_) {
    case Built::none:
      break;
    case Built::precode:
      return zlib_entries(precode_lengths_, kPrecodeSymbols, 7);
    case Built::litlen:
      return zlib_entries(lengths_, built_litlen_count_, 9);
    case Built::both:
      return zlib_entries(lengths_, built_litlen_count_, 9) +
             zlib_entries(lengths_ + built_litlen_count_, built_distance_count_, 6);
  }
  return 0;
}

}  // namespace inflate

WD_NAMESPACE_END
