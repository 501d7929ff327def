// The tables that a block's Huffman codes are decoded with (RFC 1951, 3.2).
//
// One lookup by the next bits of input finds an entry that says everything about a symbol: how many
// bits code and extra bits take together, and what they mean. Codes longer than the primary table's
// index continue in a subtable.
#ifndef WD_SOFTWARE_INFLATE_DECODE_TABLE_HPP_
#define WD_SOFTWARE_INFLATE_DECODE_TABLE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace inflate {

// bits 0 to 5    bits to consume, extra bits included
// bits 8 to 11   the code's own bits among them; of a subtable's link, the bits of its index
// bits 16 to 30  literal, least length or distance, or where the subtable begins
//
// and what it is, in bits that these leave free. Bits 6, 7 and 12 to 15 are zero: a whole entry
// serves as a shift count, and so does its second byte. The flags are asked for most of all and
// stand at the top: a test of the sign is the cheapest, and compilers test a second byte by itself,
// which is slow.
using Entry = std::uint32_t;

// Of literals and lengths:
inline constexpr Entry kLiteral = 1u << 31;
inline constexpr Entry kSpecial = 1u << 30;  // neither a literal nor a length
// Of distances, whose payload takes 15 bits:
inline constexpr Entry kSpecialDistance = 1u << 31;  // no distance
// Of special ones: a link to a subtable; or, where it is none, what the code means.
inline constexpr Entry kLink = 1u << 29;
inline constexpr Entry kEndOfBlock = 0u << 16;
inline constexpr Entry kNoSymbol = 1u << 16;  // nothing

[[nodiscard]] constexpr unsigned total_bits(Entry entry) noexcept {
  return entry & 63;
}
[[nodiscard]] constexpr unsigned code_bits(Entry entry) noexcept {
  return entry >> 8 & 15;
}
[[nodiscard]] constexpr unsigned payload(Entry entry) noexcept {
  return entry >> 16;
}
// Of special entries, whose flags stand in their payload's place.
[[nodiscard]] constexpr unsigned special_payload(Entry entry) noexcept {
  return entry >> 16 & 0x1fff;
}
template <Entry kSpecialFlag>
[[nodiscard]] constexpr bool is_link(Entry entry) noexcept {
  return (entry & (kSpecialFlag | kLink)) == (kSpecialFlag | kLink);
}

// `count` is below 64.
[[nodiscard]] constexpr std::uint64_t low_bits(std::uint64_t bits, unsigned count) noexcept {
  return bits & ((std::uint64_t{1} << (count & 63)) - 1);
}
// Length or distance, of an entry and the bits that it was found by.
[[nodiscard]] constexpr std::uint32_t value_of(Entry entry, std::uint64_t bits) noexcept {
  return payload(entry) +
         static_cast<std::uint32_t>(low_bits(bits, entry & 0xff) >> (entry >> 8 & 63));
}

// What zlib's memory allows; and for literals and lengths a larger primary table, for streams to
// which memory beside is lent: it is 2 to 3 % faster where codes are long.
inline constexpr unsigned kLitlenBits = 10;
inline constexpr unsigned kLargeLitlenBits = 11;
inline constexpr unsigned kDistanceBits = 8;
inline constexpr unsigned kPrecodeBits = 7;
inline constexpr std::size_t kLitlenSymbols = 288;
inline constexpr std::size_t kDistanceSymbols = 32;
inline constexpr std::size_t kPrecodeSymbols = 19;
// The most entries that any code of that many symbols, of at most 15 bits, needs with these primary
// tables, as zlib's examples/enough.c counts them.
inline constexpr std::size_t kLitlenEntries = 1334;
inline constexpr std::size_t kLargeLitlenEntries = 2342;
inline constexpr std::size_t kDistanceEntries = 402;
inline constexpr std::size_t kPrecodeEntries = std::size_t{1} << kPrecodeBits;

// From the code length of each symbol (0: unused, at most 15, for the precode 7) to its table.
// False if these lengths are no code that zlib accepts: over-subscribed, or incomplete. A distance
// code of no symbol, or one of a single symbol of one bit, is accepted.
[[nodiscard]] bool build_litlen_table(Entry* table, const std::uint8_t* lengths,
                                      unsigned count) noexcept;
[[nodiscard]] bool build_large_litlen_table(Entry* table, const std::uint8_t* lengths,
                                            unsigned count) noexcept;
[[nodiscard]] bool build_distance_table(Entry* table, const std::uint8_t* lengths,
                                        unsigned count) noexcept;
// Its entries' payload is the length in the low byte, or kRepeatLast, and how often it stands
// there, at least, in the high one.
[[nodiscard]] bool build_precode_table(Entry* table, const std::uint8_t* lengths) noexcept;
inline constexpr unsigned kRepeatLast = 0x80;

// The codes of blocks of type 1.
struct FixedTables {
  Entry litlen[std::size_t{1} << kLitlenBits];
  Entry distance[std::size_t{1} << kDistanceBits];
};
[[nodiscard]] const FixedTables& fixed_tables() noexcept;

// How many entries zlib's own tables have for this code, which inflateCodesUsed() tells:
// `root_bits` is 9 for literals and lengths, 6 for distances, 7 for the precode.
[[nodiscard]] unsigned zlib_entries(const std::uint8_t* lengths, unsigned count,
                                    unsigned root_bits) noexcept;

}  // namespace inflate

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_INFLATE_DECODE_TABLE_HPP_
