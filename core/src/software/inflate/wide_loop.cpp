#include "software/inflate/wide_loop.hpp"

#include <cstring>

#include "software/inflate/wide_copy.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

// The most input that an iteration of the loop advances and loads: three refills.
constexpr std::size_t kInputStep = 24;
// Three literals and a copy's first wide step.
constexpr std::size_t kRoomStep = 64;
static_assert(kInputStep + 8 <= kWideInput && kRoomStep < kWideRoom);
static_assert(kWideStep + 3 <= kRoomStep);

// The cursor in registers.
//
// hold has garbage above its valid bits, and of `bits` only the lowest byte counts: it is lowered
// by whole entries.
struct Stream {
  std::uint64_t hold;
  unsigned bits;
  const std::uint8_t* in;

  [[gnu::always_inline]] void refill() noexcept {
    hold |= load_word(in) << (bits & 63);
    in += 7;
    in -= (bits >> 3) & 7;
    bits |= 56;
  }
  [[gnu::always_inline]] void consume(Entry entry) noexcept {
    hold >>= entry & 63;
    bits -= entry;
  }
};

// Puts the cursor `unused` bits before where the stream is. What was consumed since `start` lies in
// its held bits or in input that can be read again.
void stop(Cursor& start, const Stream& stream, std::uint8_t* out, unsigned unused) noexcept {
  const auto position = 8 * (stream.in - start.in) - static_cast<std::ptrdiff_t>(stream.bits & 63) -
                        static_cast<std::ptrdiff_t>(unused);
  start.out = out;
  if (position < 0) {
    const auto still_held = static_cast<unsigned>(-position);
    start.drop(start.bits - still_held);
    return;
  }
  start.in += position >> 3;
  start.hold = 0;
  start.bits = 0;
  const auto used = static_cast<unsigned>(position & 7);
  if (used != 0) {
    start.hold = *start.in++ >> used;
    start.bits = 8 - used;
  }
}

[[nodiscard, gnu::always_inline]] inline std::uintptr_t address(
    const std::uint8_t* place) noexcept {
  return reinterpret_cast<std::uintptr_t>(place);
}

// History as if it lay in one piece before the output: where its parts begin, and how far from
// there they really are.
struct History {
  std::uintptr_t output;
  std::uintptr_t newer;   // the part of the window that goes on in the output
  std::uintptr_t oldest;  // the other, as far as it is filled
  std::uintptr_t newer_shift;
  std::uintptr_t size;
  std::uintptr_t next;

  History(const std::uint8_t* out_begin, const Window& window) noexcept
      : output(address(out_begin)),
        newer(output - window.next()),
        oldest(output - window.have()),
        newer_shift(address(window.data()) - newer),
        size(window.size()),
        next(window.next()) {}
};

template <bool kWindow, unsigned kBits>
[[gnu::always_inline]] inline bool decode(Cursor& cursor, const Tables& tables,
                                          const Window& window) noexcept {
  const Entry* const litlen = tables.litlen;
  const Entry* const distances = tables.distance;
  constexpr std::uint64_t kLitlenMask = (1u << kBits) - 1;
  constexpr std::uint64_t kDistanceMask = (1u << kDistanceBits) - 1;
  const std::uint8_t* const in_limit = cursor.in_end - kInputStep;
  std::uint8_t* const out_limit = cursor.out_end - kRoomStep;
  std::uint8_t* out = cursor.out;
  Stream stream{cursor.hold, cursor.bits, cursor.in};
  unsigned unused = 0;
  const History history(cursor.out_begin, window);

  stream.refill();
  Entry entry = litlen[stream.hold & kLitlenMask];
  do {
    // At least 56 bits here. Up to three literals of at most 11 bits each...
    std::uint64_t found_by = stream.hold;
    stream.consume(entry);
    // Both that may come next are looked up before it is known which: a wrong guess costs less.
    Entry next = litlen[stream.hold & kLitlenMask];
    Entry distance = distances[stream.hold & kDistanceMask];
    if ((entry & kLiteral) != 0) {
      *out++ = static_cast<std::uint8_t>(payload(entry));
      entry = next;
      found_by = stream.hold;
      stream.consume(entry);
      next = litlen[stream.hold & kLitlenMask];
      distance = distances[stream.hold & kDistanceMask];
      if ((entry & kLiteral) != 0) {
        *out++ = static_cast<std::uint8_t>(payload(entry));
        entry = next;
        found_by = stream.hold;
        stream.consume(entry);
        if ((entry & kLiteral) != 0) {
          *out++ = static_cast<std::uint8_t>(payload(entry));
          entry = litlen[stream.hold & kLitlenMask];
          stream.refill();
          continue;
        }
        distance = distances[stream.hold & kDistanceMask];
      }
    }
    unsigned length_bits = total_bits(entry);
    if ((entry & kSpecial) != 0) [[unlikely]] {
      if ((entry & kLink) != 0) {
        entry = litlen[special_payload(entry) + low_bits(stream.hold, code_bits(entry))];
        found_by = stream.hold;
        stream.consume(entry);
        length_bits += total_bits(entry);
        if ((entry & kLiteral) != 0) {
          *out++ = static_cast<std::uint8_t>(payload(entry));
          stream.refill();
          entry = litlen[stream.hold & kLitlenMask];
          continue;
        }
        distance = distances[stream.hold & kDistanceMask];
      }
      if ((entry & kSpecial) != 0) {
        const bool ended = special_payload(entry) == payload(kEndOfBlock);
        stop(cursor, stream, out, ended ? 0 : length_bits);
        return ended;
      }
    }
    // ... a length of at most 20 behind two of them: 14 bits or more are left, of 28 that a
    // distance can take.
    const std::uint32_t length = value_of(entry, found_by);
    unused = length_bits;
    if (static_cast<unsigned>(static_cast<std::uint8_t>(stream.bits)) < 28) [[unlikely]] {
      stream.refill();
      distance = distances[stream.hold & kDistanceMask];
    }
    if ((distance & kSpecialDistance) != 0) [[unlikely]] {
      if ((distance & kLink) == 0) break;
      const Entry link = distance;
      distance = distances[special_payload(link) +
                           low_bits(stream.hold >> kDistanceBits, code_bits(link))];
      if ((distance & kSpecialDistance) != 0) break;
      stream.consume(kDistanceBits);
      unused += kDistanceBits;
    }
    found_by = stream.hold;
    stream.consume(distance);
    unused += total_bits(distance);
    const std::size_t back = value_of(distance, found_by);
    if (length > static_cast<std::size_t>(out_limit - out) + kRoomStep - kWideStep) break;
    const std::uintptr_t at = address(out) - back;
    if (at < history.oldest) [[unlikely]]
      break;
    stream.refill();
    entry = litlen[stream.hold & kLitlenMask];
    if constexpr (kWindow) {
      // Whether a copy comes from the output or from the window is anybody's guess: no branch on
      // it.
      const std::uintptr_t in_window = -std::uintptr_t{at < history.output};
      const std::uintptr_t in_older = -std::uintptr_t{at < history.newer};
      const std::uintptr_t shift = (history.newer_shift & in_window) + (history.size & in_older);
      const std::uintptr_t piece_end = (history.output | ~in_window) - (history.next & in_older);
      const auto* source = reinterpret_cast<const std::uint8_t*>(at + shift);
      if (at + length > piece_end) [[unlikely]]
        copy_across(out, window, history.output - at, back, length);
      else
        wide_copy(out, source, back, length);
    } else {
      wide_copy(out, out - back, back, length);
    }
    __builtin_prefetch(out + kWideRoomAhead, 1);
    out += length;
    unused = 0;
  } while (stream.in < in_limit && out < out_limit);
  stop(cursor, stream, out, unused);
  return false;
}

template <bool kWindow>
[[gnu::always_inline]] inline bool decode_by(Cursor& cursor, const Tables& tables,
                                             const Window& window) noexcept {
  return tables.litlen_bits == kLitlenBits
             ? decode<kWindow, kLitlenBits>(cursor, tables, window)
             : decode<kWindow, kLargeLitlenBits>(cursor, tables, window);
}

bool wide_loop_plain(Cursor& cursor, const Tables& tables, const Window& window) noexcept {
  return window.have() != 0 ? decode_by<true>(cursor, tables, window)
                            : decode_by<false>(cursor, tables, window);
}

#if defined(__x86_64__)
[[gnu::target("bmi,bmi2")]] bool wide_loop_bmi2(Cursor& cursor, const Tables& tables,
                                                const Window& window) noexcept {
  return window.have() != 0 ? decode_by<true>(cursor, tables, window)
                            : decode_by<false>(cursor, tables, window);
}
#endif

constexpr Variant<WideLoop> kWideLoops[] = {
#if defined(__x86_64__)
    {"bmi2", {CpuFeature::bmi1, CpuFeature::bmi2}, wide_loop_bmi2},
#endif
    {"plain", {}, wide_loop_plain},
};

}  // namespace

std::span<const Variant<WideLoop>> wide_loops() noexcept {
  return kWideLoops;
}

}  // namespace inflate

WD_NAMESPACE_END
