// Blocks, codes and distances at their limits, in streams written by hand: same progress as plain
// libz however they are fed, and what the stream says comes out.
#include <algorithm>

#include "fixtures/huffman_code.hpp"
#include "two_streams.hpp"

namespace wd::test {
namespace {

constexpr Feeding kFeedings[] = {{},
                                 {.in = 1, .out = 259},
                                 {.in = 1, .out = 1},
                                 {.in = 100000, .out = 1},
                                 {.in = 33, .out = 300},
                                 {.in = 4096, .out = 81},
                                 {.in = 5000, .out = 9000, .flush = Z_BLOCK},
                                 {.in = 7, .out = 900, .flush = Z_TREES},
                                 {.flush = Z_FINISH}};
// For messages of some length.
constexpr Feeding kLargeFeedings[] = {{.out = 300000},
                                      {.in = 331, .out = 300},
                                      {.in = 9000, .out = 500},
                                      {.in = 200, .out = 40000, .flush = Z_TREES},
                                      {.flush = Z_FINISH}};

void expect_decodes(const Bytes& packed, const Bytes& plain, int window_bits = -15,
                    std::span<const Feeding> feedings = kFeedings) {
  for (const Feeding& feeding : feedings) {
    const Outcome outcome = feed(packed, window_bits, feeding);
    ASSERT_EQ(outcome.difference, "") << "in " << feeding.in << ", out " << feeding.out;
    ASSERT_EQ(outcome.code, Z_STREAM_END) << outcome.message;
    ASSERT_TRUE(outcome.output == plain);
  }
}

class InflateBlocks : public EachWideLoop {};

TEST_P(InflateBlocks, MayBeEmpty) {
  for (unsigned blocks = 0; blocks < 40; ++blocks) {
    DeflateBits bits;
    for (unsigned i = 0; i < blocks; ++i)
      if (i % 2 == 0)
        bits.stored(false, {});
      else
        bits.block(false, 1).fixed(kEndOfBlockSymbol);
    bits.block(true, 1).fixed(kEndOfBlockSymbol);
    expect_decodes(bits.bytes(), {});
  }
}

TEST_P(InflateBlocks, MayBeStoredOfAnySize) {
  DeflateBits bits;
  Bytes plain;
  for (const std::size_t size :
       {0, 1, 2, 31, 32, 33, 100, 4095, 4096, 4097, 65534, 65535, 0, 65535}) {
    const Bytes more = noise(size, size + 1);
    bits.stored(false, more);
    plain.insert(plain.end(), more.begin(), more.end());
  }
  bits.stored(true, {});
  expect_decodes(bits.bytes(), plain, -15, kLargeFeedings);
}

// With no input at all, its address null, in front of every byte of a message.
TEST_P(InflateBlocks, MayBeInterruptedByCallsWithoutInput) {
  const Bytes plain = text(400);
  const Bytes packed = DeflateBits().stored(false, plain).stored(true, text(9)).bytes();
  for (const int flush : {Z_NO_FLUSH, Z_SYNC_FLUSH, Z_BLOCK, Z_FINISH}) {
    TwoStreams streams(-15);
    Bytes reference(100);
    Bytes shim(100);
    for (const std::uint8_t& byte : packed) {
      ASSERT_EQ(streams.call({}, reference, shim, flush), "");
      ASSERT_EQ(streams.call({&byte, 1}, reference, shim, flush), "");
    }
    // Behind the last block Z_BLOCK has stopped.
    ASSERT_EQ(streams.call({}, reference, shim, flush), "");
    ASSERT_EQ(streams.code(), Z_STREAM_END);
  }
}

// Stored, fixed and dynamic ones in turn, of no byte to three, with a copy now and then.
TEST_P(InflateBlocks, MayBeTenThousandTinyOnes) {
  constexpr unsigned kSymbols[] = {kEndOfBlockSymbol, 257};
  Seeded seeded(11);
  DeflateBits bits;
  Bytes plain{'a', 'b', 'c'};
  bits.stored(false, plain);
  for (int block = 0; block < 10000; ++block) {
    const std::size_t literals = seeded.below(4);
    const bool copies = seeded.below(3) == 0;
    const unsigned type = block % 30 == 0 ? 2 : static_cast<unsigned>(block % 2);
    Bytes more(literals);
    for (std::uint8_t& byte : more) byte = seeded.byte();
    const HuffmanCode litlen(complete_code(seeded, Shape::any, 258, 258, 15, kSymbols));
    const HuffmanCode distance(CodeLengths{0, 0, 1});
    if (type == 0) {
      bits.stored(false, more);
    } else if (type == 1) {
      bits.block(false, 1);
      for (const std::uint8_t byte : more) bits.fixed(byte);
      if (copies) bits.fixed(257).fixed_distance(2);
      bits.fixed(kEndOfBlockSymbol);
    } else {
      write_dynamic_header(bits, false, litlen.lengths(), distance.lengths());
      for (const std::uint8_t byte : more) litlen.write(bits, byte);
      if (copies) {
        litlen.write(bits, 257);
        distance.write(bits, 2);
      }
      litlen.write(bits, kEndOfBlockSymbol);
    }
    plain.insert(plain.end(), more.begin(), more.end());
    if (type != 0 && copies)
      for (int i = 0; i < 3; ++i) plain.push_back(plain[plain.size() - 3]);
  }
  bits.stored(true, {});
  expect_decodes(bits.bytes(), plain, -15, kLargeFeedings);
}

struct Symbols {
  HuffmanCode litlen;
  HuffmanCode distance;
};

// Literals and copies in a random complete code; the unused codes of both alphabets are none.
Symbols random_codes(Seeded& seeded, Shape shape, unsigned most_bits) {
  constexpr unsigned kAlways[] = {kEndOfBlockSymbol};
  const std::size_t litlen = std::min<std::size_t>(286, std::size_t{1} << most_bits);
  CodeLengths of_litlen =
      complete_code(seeded, shape, 286, 2 + seeded.below(litlen - 1), most_bits, kAlways);
  CodeLengths of_distance = complete_code(
      seeded, shape, 30,
      2 + seeded.below(std::min<std::size_t>(30, std::size_t{1} << most_bits) - 1), most_bits);
  return {HuffmanCode(std::move(of_litlen)), HuffmanCode(std::move(of_distance))};
}

void write_random_symbols(Seeded& seeded, const Symbols& codes, DeflateBits& bits, Bytes& plain) {
  for (int symbols = 0; symbols < 300; ++symbols) {
    const auto symbol = static_cast<unsigned>(seeded.below(286));
    if (symbol == kEndOfBlockSymbol || codes.litlen.bits(symbol) == 0) continue;
    if (symbol < 256) {
      codes.litlen.write(bits, symbol);
      plain.push_back(static_cast<std::uint8_t>(symbol));
      continue;
    }
    const auto distance = static_cast<unsigned>(seeded.below(30));
    const Range back = distance_range(distance);
    if (codes.distance.bits(distance) == 0 || back.least > plain.size()) continue;
    const Range length = length_range(symbol);
    // Extra bits of all ones, where that is a length of its own and lies within the output.
    const auto length_extra =
        static_cast<unsigned>(seeded.below(std::size_t{1} << length.extra_bits));
    auto back_extra = (1u << back.extra_bits) - 1;
    if (back.least + back_extra > plain.size()) back_extra = 0;
    codes.litlen.write(bits, symbol);
    bits.number(length_extra, length.extra_bits);
    codes.distance.write(bits, distance);
    bits.number(back_extra, back.extra_bits);
    for (unsigned i = 0; i < length.least + length_extra; ++i)
      plain.push_back(plain[plain.size() - back.least - back_extra]);
  }
  codes.litlen.write(bits, kEndOfBlockSymbol);
}

TEST_P(InflateBlocks, MayHaveAnyCompleteCode) {
  constexpr Feeding kSome[] = {{}, {.in = 5, .out = 999}, {.in = 50, .out = 500, .flush = Z_TREES}};
  Seeded seeded(12);
  for (unsigned most_bits = 2; most_bits <= kMostCodeBits; ++most_bits)
    for (int shape = 0; shape < static_cast<int>(Shape::count_); ++shape) {
      DeflateBits bits;
      Bytes plain = noise(33000, most_bits);
      bits.stored(false, plain);
      for (int block = 0; block < 8; ++block) {
        const Symbols codes = random_codes(seeded, static_cast<Shape>(shape), most_bits);
        write_dynamic_header(bits, block == 7, codes.litlen.lengths(), codes.distance.lengths());
        write_random_symbols(seeded, codes, bits, plain);
      }
      SCOPED_TRACE(testing::Message() << "bits " << most_bits << ", shape " << shape);
      expect_decodes(bits.bytes(), plain, -15, kSome);
      if (HasFatalFailure()) return;
    }
}

// The longest symbol there is: 15 and 5 bits of length, 15 and 13 of distance.
TEST_P(InflateBlocks, MayHaveSymbolsOf48Bits) {
  CodeLengths of_litlen(286);
  of_litlen['a'] = 1;
  for (unsigned i = 0; i < 12; ++i) of_litlen['b' + i] = static_cast<std::uint8_t>(i + 2);
  of_litlen[kEndOfBlockSymbol] = 14;
  of_litlen[284] = of_litlen[285] = 15;
  CodeLengths of_distance(30);
  for (unsigned i = 0; i < 14; ++i) of_distance[i] = static_cast<std::uint8_t>(i + 1);
  of_distance[28] = of_distance[29] = 15;
  const Symbols codes{HuffmanCode(of_litlen), HuffmanCode(of_distance)};
  DeflateBits bits;
  Bytes plain = noise(32768);
  bits.stored(false, plain);
  write_dynamic_header(bits, true, of_litlen, of_distance);
  for (unsigned i = 0; i < 400; ++i) {
    codes.litlen.write(bits, 284);
    bits.number(i % 31, 5);
    codes.distance.write(bits, 29);
    bits.number(8191 - i % 3, 13);
    for (unsigned k = 0; k < 227 + i % 31; ++k)
      plain.push_back(plain[plain.size() - 24577 - 8191 + i % 3]);
    for (unsigned k = i % 4; k != 0; --k) {
      codes.litlen.write(bits, 'm');
      plain.push_back('m');
    }
  }
  codes.litlen.write(bits, kEndOfBlockSymbol);
  expect_decodes(bits.bytes(), plain, -15, kLargeFeedings);
}

// As far back as a window of each size reaches, from right behind it on.
TEST_P(InflateBlocks, MayReachToTheWindowsEdge) {
  for (int window_bits = 8; window_bits <= 15; ++window_bits) {
    const unsigned size = 1u << window_bits;
    for (const unsigned more : {0u, 1u, 100u, size - 1, size, size + 77}) {
      DeflateBits bits;
      Bytes plain = noise(size + more);
      for (std::size_t at = 0; at < plain.size(); at += 60000)
        bits.stored(false,
                    Bytes(plain.begin() + static_cast<long>(at),
                          plain.begin() + static_cast<long>(std::min(at + 60000, plain.size()))));
      // Distance 2^n is the last one of symbol 2n-1.
      const auto symbol = static_cast<unsigned>(2 * window_bits - 1);
      bits.block(true, 1);
      for (const unsigned length : {257u, 258u, 285u, 264u, 285u}) {
        bits.fixed(length).fixed_distance(symbol).number(~0u, distance_range(symbol).extra_bits);
        for (unsigned i = 0; i < length_range(length).least; ++i)
          plain.push_back(plain[plain.size() - size]);
      }
      bits.fixed(kEndOfBlockSymbol);
      SCOPED_TRACE(testing::Message() << "2^" << window_bits << " and " << more);
      expect_decodes(bits.bytes(), plain, -window_bits, kLargeFeedings);
      if (HasFatalFailure()) return;
    }
  }
}

// Bits behind the last block, and bytes, are not ours.
TEST_P(InflateBlocks, EndTheStreamWhateverComesBehind) {
  for (unsigned bits_behind = 0; bits_behind < 100; ++bits_behind) {
    DeflateBits bits;
    const Bytes plain = text(bits_behind * 3);
    bits.block(true, 1);
    for (const std::uint8_t byte : plain) bits.fixed(byte);
    bits.fixed(kEndOfBlockSymbol);
    const std::size_t whole = bits.bytes().size();
    for (unsigned i = 0; i < bits_behind; ++i) bits.number(1, 1);
    for (const Feeding& feeding : kFeedings) {
      const Outcome outcome = feed(bits.bytes(), -15, feeding);
      ASSERT_EQ(outcome.difference, "");
      ASSERT_EQ(outcome.code, Z_STREAM_END);
      ASSERT_EQ(outcome.consumed, whole);
    }
  }
}

WD_TEST_EACH_WIDE_LOOP(InflateBlocks);

}  // namespace
}  // namespace wd::test
