// Tables against a decoder that goes bit by bit, and against zlib's own rules and sizes.
#include "software/inflate/decode_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/huffman_code.hpp"
#include "fixtures/zlib_tables.hpp"

namespace wd::inflate {
namespace {

using test::CodeLengths;
using test::complete_code;
using test::Seeded;
using test::Shape;
using test::zlib_table;
using test::ZlibCode;

// What the next bits of input say, and how many of them.
struct Meaning {
  enum Kind { literal, range, end_of_block, nothing } kind;
  unsigned value;
  unsigned bits;
  bool operator==(const Meaning&) const = default;
};
void PrintTo(const Meaning& meaning, std::ostream* out) {
  *out << "kind " << meaning.kind << ", value " << meaning.value << ", " << meaning.bits << " bits";
}

// One alphabet: how its tables are made and read.
struct Alphabet {
  ZlibCode code;
  std::size_t entries;
  std::size_t symbols;  // that a block may have
  bool (*build)(Entry* table, const std::uint8_t* lengths, unsigned count) noexcept;
  Meaning (*by_table)(const Entry* table, std::uint64_t input);
  Meaning (*of_symbol)(unsigned symbol, unsigned code_bits, std::uint64_t input);
};

unsigned extra_value(test::Range range, unsigned code_bits, std::uint64_t input) {
  return range.least + static_cast<unsigned>(low_bits(input >> code_bits, range.extra_bits));
}

Meaning litlen_symbol(unsigned symbol, unsigned code_bits, std::uint64_t input) {
  if (symbol < 256) return {Meaning::literal, symbol, code_bits};
  if (symbol == 256) return {Meaning::end_of_block, 0, code_bits};
  if (symbol > 285) return {Meaning::nothing, 0, code_bits};
  const test::Range range = test::length_range(symbol);
  return {Meaning::range, extra_value(range, code_bits, input), code_bits + range.extra_bits};
}

Meaning distance_symbol(unsigned symbol, unsigned code_bits, std::uint64_t input) {
  if (symbol > 29) return {Meaning::nothing, 0, code_bits};
  const test::Range range = test::distance_range(symbol);
  return {Meaning::range, extra_value(range, code_bits, input), code_bits + range.extra_bits};
}

template <unsigned kPrimaryBits, Entry kSpecialFlag>
Meaning by_table(const Entry* table, std::uint64_t input, Entry literal) {
  unsigned before = 0;
  Entry entry = table[low_bits(input, kPrimaryBits)];
  if (is_link<kSpecialFlag>(entry)) {
    before = kPrimaryBits;
    input >>= kPrimaryBits;
    entry = table[special_payload(entry) + low_bits(input, code_bits(entry))];
  }
  const unsigned bits = before + total_bits(entry);
  if ((entry & literal) != 0) return {Meaning::literal, payload(entry) & 0xff, bits};
  if ((entry & kSpecialFlag) == 0) return {Meaning::range, value_of(entry, input), bits};
  const bool ended = literal != 0 && special_payload(entry) == payload(kEndOfBlock);
  return {ended ? Meaning::end_of_block : Meaning::nothing, 0, bits};
}
Meaning by_litlen_table(const Entry* table, std::uint64_t input) {
  return by_table<kLitlenBits, kSpecial>(table, input, kLiteral);
}
Meaning by_large_litlen_table(const Entry* table, std::uint64_t input) {
  return by_table<kLargeLitlenBits, kSpecial>(table, input, kLiteral);
}
Meaning by_distance_table(const Entry* table, std::uint64_t input) {
  return by_table<kDistanceBits, kSpecialDistance>(table, input, 0);
}

constexpr Alphabet kLitlenAlphabet{ZlibCode::litlen,   kLitlenEntries,  286,
                                   build_litlen_table, by_litlen_table, litlen_symbol};
constexpr Alphabet kLargeLitlenAlphabet{
    ZlibCode::litlen,         kLargeLitlenEntries,   286,
    build_large_litlen_table, by_large_litlen_table, litlen_symbol};
constexpr Alphabet kDistanceAlphabet{ZlibCode::distance,   kDistanceEntries,  30,
                                     build_distance_table, by_distance_table, distance_symbol};

// Codes of one length are consecutive, and follow those that are shorter (RFC 1951, 3.2.2).
Meaning bit_by_bit(const Alphabet& alphabet, const CodeLengths& lengths, std::uint64_t input) {
  unsigned code = 0;
  unsigned first = 0;
  for (unsigned bits = 1; bits <= test::kMostCodeBits; ++bits) {
    code = code << 1 | (input >> (bits - 1) & 1);
    for (unsigned symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != bits) continue;
      if (code == first) return alphabet.of_symbol(symbol, bits, input);
      ++first;
    }
    first <<= 1;
  }
  return {Meaning::nothing, 0, 1};
}

void expect_decodes(const Alphabet& alphabet, const CodeLengths& lengths, Seeded& seeded) {
  std::vector<Entry> table(alphabet.entries, ~Entry{0});
  ASSERT_TRUE(alphabet.build(table.data(), lengths.data(), static_cast<unsigned>(lengths.size())));
  for (int words = 0; words < 300; ++words) {
    // Zeros and ones in a row lead to the shortest codes and the longest.
    std::uint64_t input = seeded.next();
    if (words % 3 != 0) input &= ~std::uint64_t{0} << seeded.below(20);
    if (words % 3 == 2) input = ~input;
    ASSERT_EQ(alphabet.by_table(table.data(), input), bit_by_bit(alphabet, lengths, input))
        << "input " << std::hex << input;
  }
}

void expect_decodes_all_shapes(const Alphabet& alphabet) {
  Seeded seeded(1);
  for (unsigned most_bits = 2; most_bits <= test::kMostCodeBits; ++most_bits)
    for (int shape = 0; shape < static_cast<int>(Shape::count_); ++shape)
      for (int times = 0; times < 6; ++times) {
        const std::size_t limit = std::min(alphabet.symbols, std::size_t{1} << most_bits);
        const std::size_t used = times == 0 ? limit : 2 + seeded.below(limit - 1);
        const std::size_t symbols = used + seeded.below(alphabet.symbols - used + 1);
        SCOPED_TRACE(testing::Message() << "bits " << most_bits << ", shape " << shape << ", "
                                        << used << " symbols of " << symbols);
        expect_decodes(alphabet,
                       complete_code(seeded, static_cast<Shape>(shape), symbols, used, most_bits),
                       seeded);
        if (testing::Test::HasFatalFailure()) return;
      }
}

TEST(InflateTables, FindLiteralsAndLengthsAsBitByBit) {
  expect_decodes_all_shapes(kLitlenAlphabet);
}
TEST(InflateTables, FindLiteralsAndLengthsInLargeTablesAsBitByBit) {
  expect_decodes_all_shapes(kLargeLitlenAlphabet);
}
TEST(InflateTables, FindDistancesAsBitByBit) {
  expect_decodes_all_shapes(kDistanceAlphabet);
}

TEST(InflateTables, ReadASingleCodeOfOneBitAndNoneAtAll) {
  Seeded seeded(2);
  for (const Alphabet* alphabet : {&kLitlenAlphabet, &kLargeLitlenAlphabet, &kDistanceAlphabet})
    for (std::size_t symbol = 0; symbol <= alphabet->symbols; ++symbol) {
      CodeLengths lengths(alphabet->symbols);
      if (symbol < alphabet->symbols) lengths[symbol] = 1;
      expect_decodes(*alphabet, lengths, seeded);
    }
}

TEST(InflateTables, HoldTheFixedCodes) {
  CodeLengths litlen(288, 8);
  std::fill(litlen.begin() + 144, litlen.begin() + 256, std::uint8_t{9});
  std::fill(litlen.begin() + 256, litlen.begin() + 280, std::uint8_t{7});
  const CodeLengths distance(32, 5);
  for (std::uint64_t input = 0; input < 1 << 16; ++input) {
    ASSERT_EQ(by_litlen_table(fixed_tables().litlen, input),
              bit_by_bit(kLitlenAlphabet, litlen, input));
    ASSERT_EQ(by_distance_table(fixed_tables().distance, input),
              bit_by_bit(kDistanceAlphabet, distance, input));
  }
}

// What the precode's table says of all its inputs: complete codes of up to 7 bits.
TEST(InflateTables, FindCodeLengthsAsBitByBit) {
  Seeded seeded(3);
  for (int times = 0; times < 2000; ++times) {
    const CodeLengths lengths = complete_code(seeded, static_cast<Shape>(times % 4),
                                              kPrecodeSymbols, 2 + seeded.below(18), kPrecodeBits);
    Entry table[kPrecodeEntries];
    ASSERT_TRUE(build_precode_table(table, lengths.data()));
    constexpr auto kSymbol = [](unsigned symbol, unsigned bits, std::uint64_t) {
      return Meaning{Meaning::literal, symbol, bits};
    };
    for (unsigned input = 0; input < kPrecodeEntries; ++input) {
      const Alphabet alphabet{ZlibCode::precode, 0, 19, nullptr, nullptr, kSymbol};
      const Meaning expected = bit_by_bit(alphabet, lengths, input);
      const Entry entry = table[input];
      ASSERT_EQ(code_bits(entry), expected.bits);
      const unsigned value = payload(entry) & 0xff;
      const unsigned least = entry >> 24;
      const unsigned extra = total_bits(entry) - code_bits(entry);
      using Said = std::array<unsigned, 3>;
      Said said{expected.value, 1, 0};
      if (expected.value == 16) said = {kRepeatLast, 3, 2};
      if (expected.value == 17) said = {0, 3, 3};
      if (expected.value == 18) said = {0, 11, 7};
      ASSERT_EQ((Said{value, least, extra}), said);
    }
  }
}

bool accepts(ZlibCode code, const CodeLengths& lengths) {
  // Right before a page that nobody may touch.
  test::GuardedBuffer memory(sizeof(Entry) * (code == ZlibCode::litlen     ? kLitlenEntries
                                              : code == ZlibCode::distance ? kDistanceEntries
                                                                           : kPrecodeEntries));
  auto* table = reinterpret_cast<Entry*>(memory.data());
  const auto count = static_cast<unsigned>(lengths.size());
  if (code == ZlibCode::precode) return build_precode_table(table, lengths.data());
  return (code == ZlibCode::litlen ? build_litlen_table : build_distance_table)(
      table, lengths.data(), count);
}

// Complete or not, over-subscribed, with a symbol too many or one too few.
TEST(InflateTables, RefuseWhatZlibRefusesAndCountItsEntries) {
  Seeded seeded(4);
  int refused = 0;
  for (int times = 0; times < 6000; ++times) {
    const auto code = static_cast<ZlibCode>(times % 3);
    const std::size_t symbols = code == ZlibCode::precode  ? 19
                                : code == ZlibCode::litlen ? 286
                                                           : 30;
    const unsigned most_bits = code == ZlibCode::precode ? 7 : 15;
    const std::size_t limit =
        std::min(symbols, std::size_t{1} << (2 + seeded.below(most_bits - 1)));
    CodeLengths lengths = complete_code(seeded, static_cast<Shape>(seeded.below(4)), symbols,
                                        2 + seeded.below(limit - 1), most_bits);
    for (std::size_t changes = seeded.below(3); changes != 0; --changes)
      lengths[seeded.below(symbols)] = static_cast<std::uint8_t>(seeded.below(most_bits + 1));
    if (times % 10 == 0) lengths.assign(symbols, 0);
    if (times % 20 == 0)
      lengths[seeded.below(symbols)] = static_cast<std::uint8_t>(1 + times / 20 % 2);
    if (code == ZlibCode::litlen) lengths.resize(257 + seeded.below(30));
    const test::ZlibTable zlib = zlib_table(code, lengths);
    ASSERT_EQ(accepts(code, lengths), zlib.accepted) << testing::PrintToString(lengths);
    if (zlib.accepted) {
      ASSERT_EQ(zlib_entries(lengths.data(), static_cast<unsigned>(lengths.size()),
                             test::zlib_root_bits(code)),
                zlib.entries)
          << testing::PrintToString(lengths);
    }
    refused += !zlib.accepted;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 5000);
}

}  // namespace
}  // namespace wd::inflate
