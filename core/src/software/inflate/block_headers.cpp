// What a block begins with, and stored blocks. RFC 1951, 3.2.3, 3.2.4 and 3.2.7.
#include <algorithm>

#include "software/inflate/decoder.hpp"
#include "software/inflate/long_copy.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

[[nodiscard]] bool stops_at_trees(Flush flush) noexcept {
  return flush == Flush::trees;
}

[[nodiscard]] bool stops_at_blocks(Flush flush) noexcept {
  return flush == Flush::block || flush == Flush::trees;
}

// A stored block's length, and its complement above.
[[nodiscard]] bool is_stored_length(std::uint32_t lengths) noexcept {
  return (lengths & 0xffff) == (~lengths >> 16);
}

[[nodiscard]] std::uint32_t load_little_endian(const std::uint8_t* in) noexcept {
  return std::uint32_t{in[0]} | std::uint32_t{in[1]} << 8 | std::uint32_t{in[2]} << 16 |
         std::uint32_t{in[3]} << 24;
}

constexpr std::uint32_t kStoredLengths = 4;

}  // namespace

Decoder::Next Decoder::read_block_header(Cursor& cursor, Flush flush) noexcept {
  if (state_ == State::block && stops_at_blocks(flush)) return Next::stop;
  // zlib has left the stream's start behind even when there is no bit to read.
  if (state_ == State::start) state_ = State::block_header;
  if (last_block_) {
    cursor.align();
    state_ = State::ended;
    return Next::stop;
  }
  if (!cursor.need(3)) return Next::stop;
  last_block_ = cursor.take(1) != 0;
  const unsigned type = cursor.take(2);
  switch (type) {
    case 0:
      state_ = State::stored_length;
      return read_stored_length(cursor, flush);
    case 1:
      fixed_ = true;
      state_ = State::codes_begin;
      return stops_at_trees(flush) ? Next::stop : Next::go_on;
    case 2:
      fixed_ = false;
      state_ = State::code_counts;
      return Next::go_on;
    default:
      return fail("invalid block type");
  }
}

Decoder::Next Decoder::read_stored_length(Cursor& cursor, Flush flush) noexcept {
  cursor.align();
  std::uint32_t lengths;
  if (cursor.bits == 0 && cursor.have() >= kStoredLengths) [[likely]] {
    lengths = load_little_endian(cursor.in);
    cursor.in += kStoredLengths;
  } else {
    if (!cursor.need(32)) return Next::stop;
    lengths = static_cast<std::uint32_t>(cursor.hold);
  }
  if (!is_stored_length(lengths)) {
    // All of it stays held, which shows.
    cursor.hold = lengths;
    cursor.bits = 32;
    return fail("invalid stored block lengths");
  }
  length_ = lengths & 0xffff;
  cursor.hold = 0;
  cursor.bits = 0;
  state_ = State::stored_begin;
  if (stops_at_trees(flush)) return Next::stop;
  state_ = State::stored;
  return read_stored(cursor);
}

Decoder::Passed Decoder::copy_stored(const std::uint8_t* in, std::uint32_t in_bytes,
                                     std::uint8_t* out, std::uint32_t out_bytes) noexcept {
  const std::uint32_t room = std::min(in_bytes, out_bytes);
  if (room == 0 || !window_.in_use()) return {0, 0};
  if (length_ > room) {
    copy_stored_bytes(out, in, room);
    length_ -= room;
    window_.append(out + room, room);
    return {room, room};
  }
  // The block ends within this call; one that is stored, too, follows at once and outlasts it.
  constexpr std::uint32_t kHeader = 1 + kStoredLengths;
  const std::uint8_t* const header = in + length_;
  if (bits_ != 0 || last_block_ || in_bytes - length_ < kHeader || (header[0] & 7) != 0)
    return {0, 0};
  const std::uint32_t lengths = load_little_endian(header + 1);
  const std::uint32_t rest = std::min(in_bytes - length_ - kHeader, out_bytes - length_);
  if (!is_stored_length(lengths) || (lengths & 0xffff) <= rest) return {0, 0};
  const std::uint32_t produced = length_ + rest;
  copy_stored_bytes(out, in, length_);
  copy_stored_bytes(out + length_, header + kHeader, rest);
  length_ = (lengths & 0xffff) - rest;
  window_.append(out + produced, produced);
  return {produced + kHeader, produced};
}

Decoder::Next Decoder::read_stored(Cursor& cursor) noexcept {
  const std::size_t bytes = std::min({std::size_t{length_}, cursor.have(), cursor.left()});
  if (bytes != 0) {
    copy_stored_bytes(cursor.out, cursor.in, bytes);
    cursor.in += bytes;
    cursor.out += bytes;
    length_ -= static_cast<std::uint32_t>(bytes);
  }
  if (length_ != 0) return Next::stop;
  state_ = State::block;
  return Next::go_on;
}

Decoder::Next Decoder::read_code_counts(Cursor& cursor) noexcept {
  if (!cursor.need(14)) return Next::stop;
  litlen_count_ = static_cast<std::uint16_t>(cursor.take(5) + 257);
  distance_count_ = static_cast<std::uint16_t>(cursor.take(5) + 1);
  precode_count_ = static_cast<std::uint16_t>(cursor.take(4) + 4);
  if (litlen_count_ > 286 || distance_count_ > 30)
    return fail("too many length or distance symbols");
  lengths_read_ = 0;
  state_ = State::precode_lengths;
  return Next::go_on;
}

Decoder::Next Decoder::read_precode_lengths(Cursor& cursor) noexcept {
  static constexpr std::uint8_t kOrder[kPrecodeSymbols] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                           11, 4,  12, 3, 13, 2, 14, 1, 15};
  for (; lengths_read_ < precode_count_; ++lengths_read_) {
    if (!cursor.need(3)) return Next::stop;
    precode_lengths_[kOrder[lengths_read_]] = static_cast<std::uint8_t>(cursor.take(3));
  }
  for (std::size_t i = precode_count_; i < kPrecodeSymbols; ++i) precode_lengths_[kOrder[i]] = 0;
  built_ = Built::none;
  if (!build_precode_table(distance_, precode_lengths_)) return fail("invalid code lengths set");
  built_ = Built::precode;
  lengths_read_ = 0;
  state_ = State::code_lengths;
  return Next::go_on;
}

// As many lengths as there is input for, and none that is not in order.
void Decoder::read_code_lengths_ahead(Cursor& cursor) noexcept {
  const std::uint8_t* const earliest = cursor.in;
  const Entry* const precode = distance_;
  const unsigned count = litlen_count_ + distance_count_;
  unsigned read = lengths_read_;
  std::uint8_t last = read != 0 ? lengths_[read - 1] : 0;
  while (read < count && cursor.have() >= sizeof(std::uint64_t)) {
    cursor.refill();
    // No length takes more than 14 bits.
    for (unsigned left = 4; left != 0 && read < count; --left) {
      const Entry entry = precode[cursor.hold & (kPrecodeEntries - 1)];
      const unsigned value = payload(entry) & 0xff;
      const unsigned run =
          static_cast<unsigned>(entry >> 24) +
          static_cast<unsigned>(low_bits(cursor.hold, total_bits(entry)) >> code_bits(entry));
      const bool repeats = value == kRepeatLast;
      if ((repeats && read == 0) || read + run > count) {
        cursor.give_back(earliest);
        lengths_read_ = static_cast<std::uint16_t>(read);
        return;
      }
      cursor.drop(total_bits(entry));
      last = repeats ? last : static_cast<std::uint8_t>(value);
      std::memset(lengths_ + read, last, kLengthsStep);
      if (run > kLengthsStep) [[unlikely]]
        std::memset(lengths_ + read, last, run);
      read += run;
    }
  }
  cursor.give_back(earliest);
  lengths_read_ = static_cast<std::uint16_t>(read);
}

Decoder::Next Decoder::read_code_lengths(Cursor& cursor, Flush flush) noexcept {
  read_code_lengths_ahead(cursor);
  const Entry* const precode = distance_;
  const unsigned count = litlen_count_ + distance_count_;
  while (lengths_read_ < count) {
    Entry entry = precode[cursor.peek(kPrecodeBits)];
    while (code_bits(entry) > cursor.bits) {
      if (!cursor.pull()) return Next::stop;
      entry = precode[cursor.peek(kPrecodeBits)];
    }
    if (!cursor.need(total_bits(entry))) return Next::stop;
    cursor.drop(code_bits(entry));
    std::uint8_t value = payload(entry) & 0xff;
    if (value == kRepeatLast) {
      if (lengths_read_ == 0) return fail("invalid bit length repeat");
      value = lengths_[lengths_read_ - 1];
    }
    const unsigned run = (entry >> 24) + cursor.take(total_bits(entry) - code_bits(entry));
    if (lengths_read_ + run > count) return fail("invalid bit length repeat");
    std::memset(lengths_ + lengths_read_, value, run);
    lengths_read_ = static_cast<std::uint16_t>(lengths_read_ + run);
  }
  return build_codes(flush);
}

Decoder::Next Decoder::build_codes(Flush flush) noexcept {
  constexpr std::size_t kEndOfBlockSymbol = 256;
  if (lengths_[kEndOfBlockSymbol] == 0) return fail("invalid code -- missing end-of-block");
  built_ = Built::none;
  const bool sound = large_litlen_ != nullptr
                         ? build_large_litlen_table(large_litlen_, lengths_, litlen_count_)
                         : build_litlen_table(litlen_, lengths_, litlen_count_);
  if (!sound) return fail("invalid literal/lengths set");
  built_ = Built::litlen;
  built_litlen_count_ = litlen_count_;
  built_distance_count_ = distance_count_;
  if (!build_distance_table(distance_, lengths_ + litlen_count_, distance_count_))
    return fail("invalid distances set");
  built_ = Built::both;
  state_ = State::codes_begin;
  return stops_at_trees(flush) ? Next::stop : Next::go_on;
}

}  // namespace inflate

WD_NAMESPACE_END
