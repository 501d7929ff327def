// What zlib refuses, in its words and at its byte; and that uncompress() refuses the same.
#include <algorithm>

#include "fixtures/huffman_code.hpp"
#include "two_streams.hpp"

namespace wd::test {
namespace {

struct Refusal {
  std::string what;
  std::string message;
  Bytes packed;
};

// The precode's lengths in the order of RFC 1951, 3.2.7, and the lengths that follow as bits.
DeflateBits with_precode(std::initializer_list<unsigned> precode, unsigned litlen = 257,
                         unsigned distance = 1) {
  DeflateBits bits;
  bits.block(true, 2).number(litlen - 257, 5).number(distance - 1, 5);
  bits.number(static_cast<unsigned>(precode.size()) - 4, 4);
  for (const unsigned length : precode) bits.number(length, 3);
  return bits;
}

Bytes with_codes(const CodeLengths& litlen, const CodeLengths& distance) {
  DeflateBits bits;
  write_dynamic_header(bits, true, litlen, distance);
  return bits.bytes();
}

// Symbols 0, 255 and 256 of 2 bits, 257 of 2: complete, so that other parts can be wrong.
CodeLengths good_litlen() {
  CodeLengths lengths(258);
  lengths[0] = lengths[255] = lengths[256] = lengths[257] = 2;
  return lengths;
}

CodeLengths changed(CodeLengths lengths, std::size_t symbol, std::uint8_t length) {
  lengths[symbol] = length;
  return lengths;
}

void add_headers(std::vector<Refusal>& all) {
  const std::string bad_counts = "too many length or distance symbols";
  all.push_back({"block type 3", "invalid block type", DeflateBits().block(true, 3).bytes()});
  DeflateBits stored;
  stored.block(true, 0).align().number(5, 16).number(5, 16);
  all.push_back({"stored lengths", "invalid stored block lengths", stored.bytes()});
  for (const unsigned litlen : {287u, 288u})
    all.push_back({"HLIT " + std::to_string(litlen), bad_counts,
                   with_codes(CodeLengths(litlen, 8), CodeLengths(30, 5))});
  for (const unsigned distance : {31u, 32u}) {
    CodeLengths five(distance, 5);
    all.push_back(
        {"HDIST " + std::to_string(distance), bad_counts, with_codes(good_litlen(), five)});
  }
  for (const auto& precode : {std::initializer_list<unsigned>{1, 1, 1, 0},
                              {1, 0, 0, 0},
                              {2, 2, 2, 0},
                              {0, 0, 0, 7},
                              {1, 2, 3, 3, 7}})
    all.push_back({"precode", "invalid code lengths set", with_precode(precode).bytes()});
  // zlib reads one without symbols as zeros, a bit for each.
  DeflateBits zeros = with_precode({0, 0, 0, 0});
  for (int lengths = 0; lengths < 258; ++lengths) zeros.number(0, 1);
  all.push_back({"no precode", "invalid code -- missing end-of-block", zeros.bytes()});
}

void add_lengths(std::vector<Refusal>& all) {
  const std::string bad_repeat = "invalid bit length repeat";
  // 16 is the code 0, 17 is 10, and 18 is 11.
  all.push_back(
      {"repeats before the first", bad_repeat, with_precode({1, 2, 2, 0}).number(0, 16).bytes()});
  all.push_back({"zeros beyond the last", bad_repeat,
                 with_precode({0, 1, 1, 0}).number(0xffffff, 24).number(0xffff, 16).bytes()});
  all.push_back({"no end of block", "invalid code -- missing end-of-block",
                 with_codes(changed(good_litlen(), 256, 0), {1})});
  for (const unsigned symbol : {1u, 100u})
    for (const unsigned length : {1u, 2u, 15u})
      all.push_back(
          {"literals over-subscribed", "invalid literal/lengths set",
           with_codes(changed(good_litlen(), symbol, static_cast<std::uint8_t>(length)), {1})});
  all.push_back({"literals incomplete", "invalid literal/lengths set",
                 with_codes(changed(good_litlen(), 0, 0), {1})});
  all.push_back({"literals incomplete by one", "invalid literal/lengths set",
                 with_codes(changed(good_litlen(), 0, 15), {1})});
  for (const CodeLengths& lengths :
       {CodeLengths{1, 1, 1}, CodeLengths{2}, CodeLengths{1, 2}, CodeLengths{15},
        CodeLengths{2, 2, 2}, CodeLengths{1, 2, 3, 15}})
    all.push_back({"distances " + testing::PrintToString(lengths), "invalid distances set",
                   with_codes(good_litlen(), lengths)});
}

void add_symbols(std::vector<Refusal>& all) {
  for (const unsigned symbol : {286u, 287u}) {
    DeflateBits bits;
    bits.block(true, 1).fixed('a').fixed(symbol);
    all.push_back(
        {"length " + std::to_string(symbol), "invalid literal/length code", bits.bytes()});
  }
  for (const unsigned symbol : {30u, 31u}) {
    DeflateBits bits;
    bits.block(true, 1).fixed('a').fixed(257).fixed_distance(symbol);
    all.push_back({"distance " + std::to_string(symbol), "invalid distance code", bits.bytes()});
  }
  // The codes that single ones leave unused.
  const HuffmanCode litlen(good_litlen());
  for (const CodeLengths& lengths : {CodeLengths{0}, CodeLengths{1}, CodeLengths{0, 0, 1}}) {
    DeflateBits bits;
    write_dynamic_header(bits, true, litlen.lengths(), lengths);
    litlen.write(bits, 0);
    litlen.write(bits, 257);
    bits.number(1, 1);
    all.push_back({"no such distance", "invalid distance code", bits.bytes()});
  }
  DeflateBits only_end;
  CodeLengths lengths(257);
  lengths[256] = 1;
  write_dynamic_header(only_end, true, lengths, CodeLengths{0});
  all.push_back({"no such literal", "invalid literal/length code", only_end.number(1, 1).bytes()});
  for (const unsigned have : {0u, 1u, 3u, 255u, 256u, 32767u}) {
    DeflateBits bits;
    bits.stored(false, noise(have)).block(true, 1).fixed(257);
    // The first distance that is too far.
    unsigned symbol = 29;
    while (distance_range(symbol).least > have + 1) --symbol;
    const Range range = distance_range(symbol);
    bits.fixed_distance(symbol).number(have + 1 - range.least, range.extra_bits);
    all.push_back({"too far", "invalid distance too far back", bits.bytes()});
  }
}

std::vector<Refusal> all_refusals() {
  std::vector<Refusal> all;
  add_headers(all);
  add_lengths(all);
  add_symbols(all);
  return all;
}

// Behind the bad field stands what might be taken for more of the stream.
Bytes followed(Bytes packed, std::size_t bytes) {
  packed.insert(packed.end(), bytes, 0);
  return packed;
}

// A zlib header before it, the checksum of nothing behind it.
Bytes in_zlib_frame(const Bytes& body) {
  Bytes framed(2 + body.size() + 4);
  framed.front() = 0x78;
  framed[1] = 0x9c;
  std::copy(body.begin(), body.end(), framed.begin() + 2);
  framed.back() = 1;
  return framed;
}

class InflateRefusals : public EachWideLoop {};

TEST_P(InflateRefusals, AreZlibsAtTheSameByte) {
  for (const Refusal& refusal : all_refusals())
    for (const std::size_t behind : {0, 1, 5, 6, 8, 40, 400}) {
      const Bytes packed = followed(refusal.packed, behind);
      for (const Feeding& feeding :
           {Feeding{}, Feeding{.in = 1, .out = 70}, Feeding{.in = 1, .out = 1},
            Feeding{.in = 40, .out = 300}, Feeding{.out = 257}, Feeding{.out = 258},
            Feeding{.out = 32768}, Feeding{.flush = Z_FINISH}, Feeding{.flush = Z_TREES}}) {
        const Outcome outcome = feed(packed, -15, feeding);
        ASSERT_EQ(outcome.difference, "") << refusal.what;
        if (behind != 0) {
          ASSERT_EQ(outcome.code, Z_DATA_ERROR) << refusal.what;
          ASSERT_EQ(outcome.message, refusal.message) << refusal.what;
        }
      }
    }
}

// The header's checks, the checksum's and the length's, in all formats.
TEST_P(InflateRefusals, OfFramesAreZlibs) {
  for (const int window_bits : {15, 31}) {
    DeflateBits bits;
    if (window_bits == 15)
      bits.number(0x78, 8).number(0x9c, 8);
    else
      bits.number(0x8b1f, 16).number(8, 8).number(0, 28).number(0, 28);
    bits.block(true, 1).fixed(kEndOfBlockSymbol).align();
    bits.number(window_bits == 15 ? 0x01000000 : 0, 32);
    if (window_bits == 31) bits.number(0, 32);
    const Bytes& good = bits.bytes();
    ASSERT_EQ(feed(good, window_bits, {}).code, Z_STREAM_END);
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit)
      for (const Feeding& feeding :
           {Feeding{}, Feeding{.in = 1, .out = 1}, Feeding{.flush = Z_FINISH}})
        for (const int as : {window_bits, 47}) {
          const Bytes bad = followed(with_flipped_bits(good, bit / 8, 1u << bit % 8), 3);
          ASSERT_EQ(feed(bad, as, feeding).difference, "") << "bit " << bit;
        }
  }
}

// Whole messages are refused where zlib refuses them, though other decoders take some of these.
// Their checksum is right: of nothing, or of what comes out before.
TEST_P(InflateRefusals, AreUncompresss) {
  for (const Refusal& refusal : all_refusals())
    for (const std::size_t behind : {0, 4, 8, 40}) {
      const Bytes packed = in_zlib_frame(followed(refusal.packed, behind));
      for (const std::size_t room : {0, 1, 300, 70000}) {
        Bytes outputs[2] = {Bytes(room + 1, 0x77), Bytes(room + 1, 0x77)};
        uLong produced[2] = {room, room};
        uLong consumed[2] = {packed.size(), packed.size()};
        const int zlib =
            ref_uncompress2(outputs[0].data(), &produced[0], packed.data(), &consumed[0]);
        const int shim = uncompress2(outputs[1].data(), &produced[1], packed.data(), &consumed[1]);
        EXPECT_NE(zlib, Z_OK) << refusal.what;
        ASSERT_EQ(shim, zlib) << refusal.what << ", room " << room;
        ASSERT_EQ(produced[1], produced[0]) << refusal.what << ", room " << room;
        ASSERT_EQ(consumed[1], consumed[0]) << refusal.what << ", room " << room;
        ASSERT_TRUE(outputs[1] == outputs[0]) << refusal.what << ", room " << room;
      }
    }
}

WD_TEST_EACH_WIDE_LOOP(InflateRefusals);

}  // namespace
}  // namespace wd::test
