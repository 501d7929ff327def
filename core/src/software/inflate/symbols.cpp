// Literals, lengths and distances. RFC 1951, 3.2.5.
#include <algorithm>
#include <cstring>

#include "software/inflate/decoder.hpp"
#include "software/inflate/wide_copy.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

// What zlib's fast loop asks for.
constexpr std::size_t kFastInput = 6;
constexpr std::size_t kFastRoom = 258;

constexpr char kTooFar[] = "invalid distance too far back";

// Memory that nobody has touched yet is given to a process page by page, by a fault, and a second
// one if it is read first. So where the next part of the room begins on another page, a byte of it,
// which the wide loop has fetched already, is written with what is there.
//
// On amd64 only. On arm64 whatever reads and writes faults for the reading first, atomic
// instructions too (Arm Architecture Reference Manual, ESR_ELx, ISS.WnR), so that nothing is saved;
// and exclusive ones need not work at all on memory that is not cached, which a room may be.
#if defined(__x86_64__)
void touch_next_part(std::uint8_t* part, std::size_t room) noexcept {
  constexpr std::uintptr_t kPage = 4096;
  static_assert(2 * kWideRoomAhead <= kPage);
  if (room <= kWideRoomAhead) return;
  std::uint8_t* const next = part + kWideRoomAhead;
  if ((reinterpret_cast<std::uintptr_t>(next) & (kPage - 1)) >= kWideRoomAhead) return;
  asm volatile("orb $0, %0" : "+m"(*next));
}
#else
void touch_next_part(std::uint8_t*, std::size_t) noexcept {}
#endif

// The entry that `bits` begin with, and how many bits of code led to it.
struct Found {
  Entry entry;
  unsigned code_bits;
};

template <Entry kSpecialFlag>
[[nodiscard]] Found find(const Entry* table, unsigned primary_bits, std::uint64_t bits) noexcept {
  const Entry entry = table[low_bits(bits, primary_bits)];
  if (!is_link<kSpecialFlag>(entry)) [[likely]]
    return {entry, code_bits(entry)};
  const Entry linked =
      table[special_payload(entry) + low_bits(bits >> primary_bits, code_bits(entry))];
  return {linked, primary_bits + code_bits(linked)};
}

[[nodiscard]] unsigned extra_bits(Entry entry) noexcept {
  return total_bits(entry) - code_bits(entry);
}

// Takes a code, and of the input only what belongs to it. False where the input ends before; then
// no bit of it has been taken for good.
template <Entry kSpecialFlag>
[[nodiscard]] bool take_code(Cursor& cursor, const Entry* table, unsigned primary_bits,
                             Found& found) noexcept {
  for (;;) {
    // Bits that are not there yet read as zero: such an entry asks for more than there are.
    found = find<kSpecialFlag>(table, primary_bits, cursor.hold);
    if (found.code_bits <= cursor.bits) break;
    if (!cursor.pull()) return false;
  }
  cursor.drop(found.code_bits);
  return true;
}

}  // namespace

Decoder::Next Decoder::read_symbols(Cursor& cursor) noexcept {
  if (cursor.bits < 8) {
    if (!cursor.exact && read_symbols_wide(cursor)) {
      symbol_bits_ = -1;
      state_ = State::block;
      return Next::go_on;
    }
    read_symbols_ahead(cursor);
  }
  return read_symbol(cursor);
}

// The wide loop writes behind the output, and the caller's bytes there are not ours: programs rely
// on what lies behind the bytes that they were told of. So a part of the room is kept before it is
// decoded to, and what of it is no output is put back.
bool Decoder::read_symbols_wide(Cursor& cursor) noexcept {
  std::uint8_t kept[kWideRoomAhead];
  bool ended = false;
  bool moved = true;
  while (moved && !ended && cursor.have() >= kWideInput && cursor.left() >= kWideRoom) {
    std::size_t room = std::min(cursor.left(), sizeof(kept));
    // Knowing a bound, gcc copies by a loop of its own, which is slower than memcpy (5 % of all).
    asm("" : "+r"(room));
    std::uint8_t* const begin = cursor.out;
    std::uint8_t* const end = cursor.out_end;
    touch_next_part(begin, cursor.left());
    std::memcpy(kept, begin, room);
    cursor.out_end = begin + room;
    ended = wide_loop_(cursor, tables(), window_);
    const auto produced = static_cast<std::size_t>(cursor.out - begin);
    std::memcpy(cursor.out, kept + produced, kWideStep);
    cursor.out_end = end;
    moved = produced != 0;
  }
  return ended;
}

// Whole symbols for which there are input and room, up to the first that is not in order.
void Decoder::read_symbols_ahead(Cursor& cursor) noexcept {
  const Tables codes = tables();
  const std::uint8_t* const earliest = cursor.in;
  // A symbol takes at most 48 bits.
  while (cursor.have() >= sizeof(std::uint64_t)) {
    cursor.refill();
    const Found symbol = find<kSpecial>(codes.litlen, codes.litlen_bits, cursor.hold);
    if ((symbol.entry & kLiteral) != 0) {
      if (cursor.out == cursor.out_end) break;
      *cursor.out++ = static_cast<std::uint8_t>(payload(symbol.entry));
      cursor.drop(symbol.code_bits);
      continue;
    }
    if ((symbol.entry & kSpecial) != 0) break;
    unsigned used = symbol.code_bits;
    const std::size_t length =
        payload(symbol.entry) + low_bits(cursor.hold >> used, extra_bits(symbol.entry));
    used += extra_bits(symbol.entry);
    const Found distance =
        find<kSpecialDistance>(codes.distance, kDistanceBits, cursor.hold >> used);
    if ((distance.entry & kSpecialDistance) != 0) break;
    used += distance.code_bits;
    const std::size_t back =
        payload(distance.entry) + low_bits(cursor.hold >> used, extra_bits(distance.entry));
    used += extra_bits(distance.entry);
    if (length > cursor.left()) break;
    if (back > cursor.produced()) {
      const std::size_t missing = back - cursor.produced();
      if (missing > remembered(cursor)) break;
      copy_across(cursor.out, window_, missing, back, length);
    } else {
      exact_copy(cursor.out, back, length);
    }
    cursor.out += length;
    cursor.drop(used);
  }
  cursor.give_back(earliest);
}

// One symbol, or what is there of it.
Decoder::Next Decoder::read_symbol(Cursor& cursor) noexcept {
  if (state_ == State::length_code) {
    if (cursor.have() >= kFastInput && cursor.left() >= kFastRoom) return read_as_fast(cursor);
    symbol_bits_ = 0;
  }
  Next next = Next::go_on;
  do {
    next = read_symbol_part(cursor);
  } while (next == Next::go_on && amid_symbol());
  return next;
}

// Where zlib has this much at hand, its own fast loop decodes. Nothing in there can end a call, but
// it shows afterwards: it takes input ahead and at its end gives back all whole bytes that it
// holds, even those that the caller has primed, which are other bits then; and it leaves zlib's
// `back` alone.
Decoder::Next Decoder::read_as_fast(Cursor& cursor) noexcept {
  constexpr unsigned kAhead = 15;
  const int symbol_bits = symbol_bits_;
  const std::uint8_t* const begin = cursor.in;
  bool held_before = true;
  Next next = Next::go_on;
  do {
    do {
      if (state_ == State::length_code || state_ == State::distance_code)
        if (cursor.bits < kAhead) static_cast<void>(cursor.pull() && cursor.pull());
      next = read_symbol_part(cursor);
    } while (next == Next::go_on && amid_symbol());
    // What has been read here is the same when it is read again.
    held_before = cursor.bits > 8 * static_cast<std::size_t>(cursor.in - begin);
  } while (state_ == State::length_code && held_before && cursor.have() >= kFastInput &&
           cursor.left() >= kFastRoom);
  if (state_ != State::block) symbol_bits_ = symbol_bits;
  cursor.give_back_bytes(cursor.bits >> 3);
  return next;
}

Decoder::Next Decoder::read_symbol_part(Cursor& cursor) noexcept {
  switch (state_) {
    case State::length_code:
      return read_length_code(cursor);
    case State::length_extra:
      return read_length_extra(cursor);
    case State::distance_code:
      return read_distance_code(cursor);
    case State::distance_extra:
      return read_distance_extra(cursor);
    case State::copy:
      return copy(cursor);
    default:
      return write_literal(cursor);
  }
}

Decoder::Next Decoder::read_length_code(Cursor& cursor) noexcept {
  Found symbol;
  const Tables codes = tables();
  if (!take_code<kSpecial>(cursor, codes.litlen, codes.litlen_bits, symbol)) return Next::stop;
  symbol_bits_ += static_cast<int>(symbol.code_bits);
  if ((symbol.entry & kLiteral) != 0) {
    length_ = payload(symbol.entry) & 0xff;
    state_ = State::literal;
    return Next::go_on;
  }
  if ((symbol.entry & kSpecial) != 0) {
    if (special_payload(symbol.entry) != payload(kEndOfBlock))
      return fail("invalid literal/length code");
    symbol_bits_ = -1;
    state_ = State::block;
    return Next::go_on;
  }
  length_ = payload(symbol.entry);
  extra_bits_ = extra_bits(symbol.entry);
  state_ = State::length_extra;
  return Next::go_on;
}

Decoder::Next Decoder::read_length_extra(Cursor& cursor) noexcept {
  if (!cursor.need(extra_bits_)) return Next::stop;
  length_ += cursor.take(extra_bits_);
  symbol_bits_ += static_cast<int>(extra_bits_);
  whole_length_ = length_;
  state_ = State::distance_code;
  return Next::go_on;
}

Decoder::Next Decoder::read_distance_code(Cursor& cursor) noexcept {
  Found symbol;
  if (!take_code<kSpecialDistance>(cursor, tables().distance, kDistanceBits, symbol))
    return Next::stop;
  symbol_bits_ += static_cast<int>(symbol.code_bits);
  if ((symbol.entry & kSpecialDistance) != 0) return fail("invalid distance code");
  back_ = payload(symbol.entry);
  extra_bits_ = extra_bits(symbol.entry);
  state_ = State::distance_extra;
  return Next::go_on;
}

Decoder::Next Decoder::read_distance_extra(Cursor& cursor) noexcept {
  if (!cursor.need(extra_bits_)) return Next::stop;
  back_ += cursor.take(extra_bits_);
  symbol_bits_ += static_cast<int>(extra_bits_);
  state_ = State::copy;
  return Next::go_on;
}

Decoder::Next Decoder::copy(Cursor& cursor) noexcept {
  if (cursor.left() == 0) return Next::stop;
  const std::size_t bytes = std::min<std::size_t>(length_, cursor.left());
  if (back_ > cursor.produced()) {
    const std::size_t missing = back_ - cursor.produced();
    if (missing > remembered(cursor)) return fail(kTooFar);
    copy_across(cursor.out, window_, missing, back_, bytes);
  } else {
    exact_copy(cursor.out, back_, bytes);
  }
  cursor.out += bytes;
  length_ -= static_cast<std::uint32_t>(bytes);
  if (length_ != 0) return Next::stop;
  state_ = State::length_code;
  return Next::go_on;
}

Decoder::Next Decoder::write_literal(Cursor& cursor) noexcept {
  if (cursor.left() == 0) return Next::stop;
  *cursor.out++ = static_cast<std::uint8_t>(length_);
  state_ = State::length_code;
  return Next::go_on;
}

}  // namespace inflate

WD_NAMESPACE_END
