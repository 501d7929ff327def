#include "software/inflate/decode_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

WD_NAMESPACE_BEGIN

namespace inflate {

namespace {

constexpr unsigned kMaxCodeBits = 15;
constexpr unsigned kReversedBits = 11;

// Codes stand in the stream highest bit first, and everything else lowest bit first: tables are
// indexed by reversed codes.
consteval std::array<std::uint16_t, std::size_t{1} << kReversedBits> make_reversed() {
  std::array<std::uint16_t, std::size_t{1} << kReversedBits> reversed{};
  for (std::size_t i = 1; i < reversed.size(); ++i)
    reversed[i] = static_cast<std::uint16_t>(reversed[i / 2] / 2 | (i % 2) << (kReversedBits - 1));
  return reversed;
}
constexpr auto kReversed = make_reversed();

// What an entry says of each symbol, without the bits of its code. RFC 1951, 3.2.5.
consteval std::array<Entry, kLitlenSymbols> make_litlen_symbols() {
  std::array<Entry, kLitlenSymbols> symbols{};
  for (Entry literal = 0; literal < 256; ++literal) symbols[literal] = literal << 16 | kLiteral;
  symbols[256] = kSpecial | kEndOfBlock;
  Entry least = 3;
  for (Entry code = 257; code < 285; ++code) {
    const Entry extra = code < 265 ? 0 : (code - 261) / 4;
    symbols[code] = least << 16 | extra;
    least += 1u << extra;
  }
  symbols[285] = 258u << 16;
  symbols[286] = symbols[287] = kSpecial | kNoSymbol;
  return symbols;
}
constexpr auto kLitlen = make_litlen_symbols();

consteval std::array<Entry, kDistanceSymbols> make_distance_symbols() {
  std::array<Entry, kDistanceSymbols> symbols{};
  Entry least = 1;
  for (Entry code = 0; code < 30; ++code) {
    const Entry extra = code < 4 ? 0 : code / 2 - 1;
    symbols[code] = least << 16 | extra;
    least += 1u << extra;
  }
  symbols[30] = symbols[31] = kSpecialDistance | kNoSymbol;
  return symbols;
}
constexpr auto kDistance = make_distance_symbols();

// RFC 1951, 3.2.7: lengths 0 to 15; the last one 3 to 6 times; zero 3 to 10 and 11 to 138 times.
consteval std::array<Entry, kPrecodeSymbols> make_precode_symbols() {
  std::array<Entry, kPrecodeSymbols> symbols{};
  for (Entry length = 0; length < 16; ++length) symbols[length] = 1u << 24 | length << 16;
  symbols[16] = 3u << 24 | kRepeatLast << 16 | 2;
  symbols[17] = 3u << 24 | 3;
  symbols[18] = 11u << 24 | 7;
  return symbols;
}
constexpr auto kPrecode = make_precode_symbols();

// `bits` of the code, all of them extra bits aside, are what this level of the table consumes.
constexpr Entry with_code(Entry symbol, unsigned bits) noexcept {
  return symbol + bits + (bits << 8);
}

// Many symbols are counted and sorted in four lanes at once, a quarter of them each: neighbours
// often have the same length, and a counter just written is slow to read.
template <unsigned kLanes>
struct Histogram {
  std::uint16_t lanes[kLanes][kMaxCodeBits + 1];
  std::uint16_t symbols[kMaxCodeBits + 1];  // of each code length
  unsigned longest;                         // 0: no symbol at all
};

// Calls `visit(lane, symbol)` for each; within a lane in order.
template <unsigned kLanes, class Visit>
constexpr void for_each_symbol(unsigned count, Visit&& visit) noexcept {
  unsigned quarter = 0;
  if constexpr (kLanes == 4) {
    quarter = count / 4;
    for (unsigned i = 0; i < quarter; ++i) {
      visit(0, i);
      visit(1, quarter + i);
      visit(2, 2 * quarter + i);
      visit(3, 3 * quarter + i);
    }
  }
  for (unsigned i = 4 * quarter; i < count; ++i) visit(kLanes - 1, i);
}

template <unsigned kLanes>
constexpr Histogram<kLanes> count_lengths(const std::uint8_t* lengths, unsigned count) noexcept {
  Histogram<kLanes> histogram{};
  for_each_symbol<kLanes>(
      count, [&](unsigned lane, unsigned symbol) { ++histogram.lanes[lane][lengths[symbol]]; });
  for (unsigned bits = 0; bits <= kMaxCodeBits; ++bits) {
    unsigned sum = 0;
    for (const auto& lane : histogram.lanes) sum += lane[bits];
    histogram.symbols[bits] = static_cast<std::uint16_t>(sum);
    if (bits != 0 && sum != 0) histogram.longest = bits;
  }
  return histogram;
}

// What is left of the code space, in units of the longest code's share; negative: over-subscribed.
template <unsigned kLanes>
constexpr int space_left(const Histogram<kLanes>& histogram) noexcept {
  int left = 1;
  for (unsigned bits = 1; bits <= kMaxCodeBits; ++bits) {
    left = 2 * left - histogram.symbols[bits];
    if (left < 0) return left;
  }
  return left;
}

constexpr void double_table(Entry* table, unsigned from_bits, unsigned to_bits) noexcept {
  for (; from_bits < to_bits; ++from_bits)
    std::copy_n(table, std::size_t{1} << from_bits, table + (std::size_t{1} << from_bits));
}

// The subtables of all codes longer than `kPrimaryBits`, which start behind `code`, left-aligned in
// kMaxCodeBits bits.
template <unsigned kPrimaryBits, Entry kSpecialFlag, unsigned kLanes>
constexpr void fill_subtables(Entry* table, const Histogram<kLanes>& histogram,
                              const std::uint16_t* sorted, unsigned code,
                              const Entry* symbols) noexcept {
  constexpr unsigned kSubBits = kMaxCodeBits - kPrimaryBits;
  std::size_t begin = std::size_t{1} << kPrimaryBits;
  std::size_t end = begin;
  unsigned prefix = ~0u;
  for (unsigned bits = kPrimaryBits + 1; bits <= histogram.longest; ++bits)
    for (unsigned left = histogram.symbols[bits]; left != 0; --left) {
      if (code >> kSubBits != prefix) {
        prefix = code >> kSubBits;
        // As large as the codes need that share this prefix: they come in order of length.
        unsigned index_bits = bits - kPrimaryBits;
        for (unsigned used = left; used < 1u << index_bits;)
          used = 2 * used + histogram.symbols[kPrimaryBits + ++index_bits];
        begin = end;
        end = begin + (std::size_t{1} << index_bits);
        table[kReversed[prefix << (kReversedBits - kPrimaryBits)]] =
            static_cast<Entry>(begin << 16) | kSpecialFlag | kLink | index_bits << 8 | kPrimaryBits;
      }
      const Entry entry = with_code(symbols[*sorted++], bits - kPrimaryBits);
      const unsigned rest = code & ((1u << kSubBits) - 1);
      for (std::size_t i = begin + kReversed[rest << (kReversedBits - kSubBits)]; i < end;
           i += std::size_t{1} << (bits - kPrimaryBits))
        table[i] = entry;
      code += 1u << (kMaxCodeBits - bits);
    }
}

// A complete code: symbols sorted by length get consecutive codes (RFC 1951, 3.2.2). The table
// grows with the length of the codes that it holds so far, by copying itself.
template <unsigned kPrimaryBits, Entry kSpecialFlag, unsigned kLanes>
constexpr void fill_table(Entry* table, const Histogram<kLanes>& histogram,
                          const std::uint8_t* lengths, unsigned count,
                          const Entry* symbols) noexcept {
  std::uint16_t sorted[kLitlenSymbols];
  std::uint16_t next[kLanes][kMaxCodeBits + 1];
  unsigned before = 0;
  for (unsigned bits = 0; bits <= kMaxCodeBits; ++bits)
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      next[lane][bits] = static_cast<std::uint16_t>(before);
      before += histogram.lanes[lane][bits];
    }
  // Unused symbols are sorted too, to the front: no branch that nobody can foretell.
  for_each_symbol<kLanes>(count, [&](unsigned lane, unsigned symbol) {
    sorted[next[lane][lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  });

  const std::uint16_t* symbol = sorted + histogram.symbols[0];
  unsigned code = 0;  // left-aligned
  unsigned filled = std::min(histogram.longest, kPrimaryBits);
  unsigned bits = 1;
  while (histogram.symbols[bits] == 0 && bits < filled) ++bits;
  for (; bits <= kPrimaryBits && bits <= histogram.longest; ++bits) {
    for (unsigned left = histogram.symbols[bits]; left != 0; --left) {
      table[kReversed[code >> (kMaxCodeBits - kReversedBits)]] =
          with_code(symbols[*symbol++], bits);
      code += 1u << (kMaxCodeBits - bits);
    }
    if (bits < kPrimaryBits) double_table(table, bits, bits + 1);
    filled = bits + 1;
  }
  if (histogram.longest <= kPrimaryBits)
    double_table(table, std::min(filled, kPrimaryBits), kPrimaryBits);
  else
    fill_subtables<kPrimaryBits, kSpecialFlag>(table, histogram, symbol, code, symbols);
}

// A code with no symbol, or with one of a single bit: the other bit has no meaning.
template <unsigned kPrimaryBits, Entry kSpecialFlag>
constexpr void fill_sparse_table(Entry* table, const std::uint8_t* lengths, unsigned count,
                                 const Entry* symbols) noexcept {
  table[0] = table[1] = with_code(kSpecialFlag | kNoSymbol, 1);
  for (unsigned symbol = 0; symbol < count; ++symbol)
    if (lengths[symbol] != 0) table[0] = with_code(symbols[symbol], 1);
  double_table(table, 1, kPrimaryBits);
}

template <unsigned kPrimaryBits, Entry kSpecialFlag, unsigned kLanes>
constexpr bool build(Entry* table, const std::uint8_t* lengths, unsigned count,
                     const Entry* symbols) noexcept {
  const Histogram<kLanes> histogram = count_lengths<kLanes>(lengths, count);
  const int left = space_left(histogram);
  if (left != 0) {
    if (left < 0 || histogram.longest > 1) return false;
    fill_sparse_table<kPrimaryBits, kSpecialFlag>(table, lengths, count, symbols);
    return true;
  }
  fill_table<kPrimaryBits, kSpecialFlag>(table, histogram, lengths, count, symbols);
  return true;
}

consteval FixedTables make_fixed_tables() {
  std::uint8_t litlen[kLitlenSymbols]{};
  for (std::size_t symbol = 0; symbol < kLitlenSymbols; ++symbol)
    litlen[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
  std::uint8_t distance[kDistanceSymbols]{};
  std::fill_n(distance, kDistanceSymbols, std::uint8_t{5});
  FixedTables tables{};
  build<kLitlenBits, kSpecial, 4>(tables.litlen, litlen, kLitlenSymbols, kLitlen.data());
  build<kDistanceBits, kSpecialDistance, 1>(tables.distance, distance, kDistanceSymbols,
                                            kDistance.data());
  return tables;
}
constexpr FixedTables kFixed = make_fixed_tables();

}  // namespace

bool build_litlen_table(Entry* table, const std::uint8_t* lengths, unsigned count) noexcept {
  return build<kLitlenBits, kSpecial, 4>(table, lengths, count, kLitlen.data());
}

bool build_large_litlen_table(Entry* table, const std::uint8_t* lengths, unsigned count) noexcept {
  return build<kLargeLitlenBits, kSpecial, 4>(table, lengths, count, kLitlen.data());
}

bool build_distance_table(Entry* table, const std::uint8_t* lengths, unsigned count) noexcept {
  return build<kDistanceBits, kSpecialDistance, 1>(table, lengths, count, kDistance.data());
}

bool build_precode_table(Entry* table, const std::uint8_t* lengths) noexcept {
  const Histogram<1> histogram = count_lengths<1>(lengths, kPrecodeSymbols);
  if (histogram.longest == 0) {
    // zlib takes a precode without symbols for one that says zero in every bit, and refuses the
    // lengths that come of it.
    std::fill_n(table, kPrecodeEntries, with_code(kPrecode[0], 1));
    return true;
  }
  if (space_left(histogram) != 0) return false;
  fill_table<kPrecodeBits, kSpecial>(table, histogram, lengths, kPrecodeSymbols, kPrecode.data());
  return true;
}

const FixedTables& fixed_tables() noexcept {
  return kFixed;
}

unsigned zlib_entries(const std::uint8_t* lengths, unsigned count, unsigned root_bits) noexcept {
  const Histogram<1> histogram = count_lengths<1>(lengths, count);
  if (histogram.longest == 0) return 2;
  const unsigned longest = histogram.longest;
  root_bits = std::min(root_bits, longest);
  unsigned shortest = 1;
  while (histogram.symbols[shortest] == 0) ++shortest;
  root_bits = std::max(root_bits, shortest);
  unsigned entries = 1u << root_bits;
  unsigned code = 0;  // left-aligned
  unsigned prefix = ~0u;
  for (unsigned bits = 1; bits <= longest; ++bits)
    for (unsigned left = histogram.symbols[bits]; left != 0; --left) {
      if (bits > root_bits && code >> (kMaxCodeBits - root_bits) != prefix) {
        prefix = code >> (kMaxCodeBits - root_bits);
        unsigned index_bits = bits - root_bits;
        int room = 1 << index_bits;
        for (int fitting = static_cast<int>(left); index_bits + root_bits < longest;
             fitting = histogram.symbols[root_bits + index_bits]) {
          room -= fitting;
          if (room <= 0) break;
          ++index_bits;
          room *= 2;
        }
        entries += 1u << index_bits;
      }
      code += 1u << (kMaxCodeBits - bits);
    }
  return entries;
}

}  // namespace inflate

WD_NAMESPACE_END
