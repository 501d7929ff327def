// Where one call of the decoder stands in its input and output.
#ifndef WD_SOFTWARE_INFLATE_CURSOR_HPP_
#define WD_SOFTWARE_INFLATE_CURSOR_HPP_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "software/inflate/decode_table.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

// The eight bytes at `in`, the first in the lowest bits.
[[nodiscard, gnu::always_inline]] inline std::uint64_t load_word(const std::uint8_t* in) noexcept {
  std::uint64_t word;
  std::memcpy(&word, in, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

struct Cursor {
  const std::uint8_t* in;
  const std::uint8_t* in_end;
  std::uint8_t* out;
  std::uint8_t* out_end;
  std::uint8_t* out_begin;  // of this call: what lies before is in the window
  // Bits taken from the input and not used yet: `bits` of them, the next one lowest, zero above.
  // zlib takes a byte when it needs a bit of it and not before, so these are below 8 but where it
  // waits for input, or where the caller has primed some.
  std::uint64_t hold;
  unsigned bits;
  // Nothing behind the output may be written to, not even for a moment: it is the window, or input.
  bool exact;

  [[nodiscard]] std::size_t have() const noexcept { return static_cast<std::size_t>(in_end - in); }
  [[nodiscard]] std::size_t left() const noexcept {
    return static_cast<std::size_t>(out_end - out);
  }
  [[nodiscard]] std::size_t produced() const noexcept {
    return static_cast<std::size_t>(out - out_begin);
  }

  [[nodiscard]] bool pull() noexcept {
    if (in == in_end) return false;
    hold |= std::uint64_t{*in++} << bits;
    bits += 8;
    return true;
  }
  // False where the input ends before.
  [[nodiscard]] bool need(unsigned count) noexcept {
    while (bits < count)
      if (!pull()) return false;
    return true;
  }
  [[nodiscard]] unsigned peek(unsigned count) const noexcept {
    return static_cast<unsigned>(low_bits(hold, count));
  }
  void drop(unsigned count) noexcept {
    hold >>= count;
    bits -= count;
  }
  unsigned take(unsigned count) noexcept {
    const unsigned value = peek(count);
    drop(count);
    return value;
  }
  void align() noexcept { drop(bits & 7); }

  // At least 56 bits. Eight bytes of input have to be there.
  void refill() noexcept {
    hold |= load_word(in) << bits;
    in += (63 - bits) >> 3;
    bits |= 56;
  }
  // Undoes refills: gives back whole bytes, but none from before `earliest`.
  void give_back(const std::uint8_t* earliest) noexcept {
    std::size_t bytes = bits >> 3;
    if (bytes > static_cast<std::size_t>(in - earliest))
      bytes = static_cast<std::size_t>(in - earliest);
    give_back_bytes(static_cast<unsigned>(bytes));
  }
  void give_back_bytes(unsigned bytes) noexcept {
    in -= bytes;
    bits -= 8 * bytes;
    hold = low_bits(hold, bits);
  }
};

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_CURSOR_HPP_
