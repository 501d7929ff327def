#include "known_streams.hpp"

#include "fixtures/deflate_bits.hpp"

namespace wd::test {

namespace {

constexpr unsigned kEnd = 256;  // of a block

Bytes repeated(std::size_t times, const Bytes& bytes) {
  Bytes all;
  while (times-- != 0) all.insert(all.end(), bytes.begin(), bytes.end());
  return all;
}

// A dynamic block's header that gives 'a' one bit and 256 and 257 two each, and distance 1 its only
// code. Lengths of the code lengths' own code: 18 has one bit, 1 and 2 have two.
DeflateBits& small_dynamic_header(DeflateBits& bits) {
  constexpr unsigned kCodeLengths[] = {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2};
  bits.block(true, 2).number(258 - 257, 5).number(1 - 1, 5).number(18 - 4, 4);
  for (const unsigned length : kCodeLengths) bits.number(length, 3);
  bits.code(0, 1).number(97 - 11, 7);   // nothing for 0 to 96
  bits.code(2, 2);                      // 1 bit for 'a'
  bits.code(0, 1).number(138 - 11, 7);  // nothing for 98
  bits.code(0, 1).number(20 - 11, 7);   // to 255
  bits.code(3, 2).code(3, 2);           // 2 bits for 256 and 257
  return bits.code(2, 2);               // 1 bit for distance 1
}

// 'a', and twice a match of three at distance 1.
Bytes small_dynamic_block() {
  DeflateBits bits;
  small_dynamic_header(bits).code(0, 1);
  for (int i = 0; i < 2; ++i) bits.code(3, 2).code(0, 1);
  return bits.code(2, 2).bytes();
}

Bytes all_literals() {
  Bytes bytes(256);
  for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

Bytes fixed_literals(const Bytes& plain) {
  DeflateBits bits;
  bits.block(true, 1);
  for (const std::uint8_t byte : plain) bits.fixed(byte);
  return bits.fixed(kEnd).bytes();
}

// One 'a' and a match of 258, the longest there is, at distance 1.
Bytes longest_match() {
  return DeflateBits().block(true, 1).fixed('a').fixed(285).fixed_distance(0).fixed(kEnd).bytes();
}

// 32 KiB of noise and a match that reaches back to the first of it.
Bytes farthest_match(const Bytes& start) {
  DeflateBits bits;
  bits.stored(false, start).block(true, 1).fixed(257).fixed_distance(29);
  return bits.number(32768 - 24577, 13).fixed(kEnd).bytes();
}

Bytes with_copy_of_start(Bytes bytes) {
  bytes.insert(bytes.end(), {bytes[0], bytes[1], bytes[2]});
  return bytes;
}

// Enough behind it that a decoder does not stop for want of input.
Bytes followed(Bytes bytes) {
  bytes.insert(bytes.end(), 300, 0);
  return bytes;
}

}  // namespace

std::vector<KnownStream> known_streams() {
  const Bytes start = noise(32768, 11);
  const Bytes abc = bytes_of("abc");
  return {
      {"a stored block", {0x01, 3, 0, 0xfc, 0xff, 'a', 'b', 'c'}, abc},
      {"an empty stored block", {0x01, 0, 0, 0xff, 0xff}, {}},
      {"an empty fixed block", {0x03, 0x00}, {}},
      {"a fixed block", {0x4b, 0x4c, 0x4a, 0x06, 0x00}, abc},
      {"a fixed block of all literals", fixed_literals(all_literals()), all_literals()},
      {"a fixed block with the longest match", longest_match(), Bytes(259, 'a')},
      {"a match of the farthest distance", farthest_match(start), with_copy_of_start(start)},
      {"a dynamic block", small_dynamic_block(), Bytes(7, 'a')},
      {"blocks of all kinds",
       DeflateBits()
           .stored(false, abc)
           .block(false, 1)
           .fixed('d')
           .fixed(kEnd)
           .stored(false, {})
           .stored(false, bytes_of("e"))
           .block(true, 1)
           .fixed(258)  // four bytes
           .fixed_distance(4)
           .number(0, 1)  // distance 5
           .fixed(kEnd)
           .bytes(),
       bytes_of("abcdeabcd")},
      {"many empty blocks",
       DeflateBits()
           .block(false, 1)
           .fixed(kEnd)
           .stored(false, {})
           .block(false, 1)
           .fixed(kEnd)
           .stored(true, {})
           .bytes(),
       {}},
      {"the largest stored block", DeflateBits().stored(true, Bytes(65535, 'x')).bytes(),
       Bytes(65535, 'x')},
      {"a match that overlaps itself",
       DeflateBits()
           .block(true, 1)
           .fixed('x')
           .fixed('y')
           .fixed(264)  // ten bytes
           .fixed_distance(1)
           .fixed(kEnd)
           .bytes(),
       repeated(6, bytes_of("xy"))},
  };
}

std::vector<BrokenStream> broken_streams() {
  DeflateBits oversubscribed;
  oversubscribed.block(true, 2).number(0, 5).number(0, 5).number(0, 4);
  for (int i = 0; i < 4; ++i) oversubscribed.number(1, 3);
  DeflateBits no_end;
  no_end.block(true, 2).number(0, 5).number(0, 5).number(18 - 4, 4);
  for (const unsigned length : {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
    no_end.number(length, 3);
  // 18 is 1, 1 is 0: codes for 0 and 1 only, none for the end of the block.
  no_end.code(0, 1).code(0, 1).code(1, 1).number(127, 7).code(1, 1).number(117 - 11, 7).code(0, 1);
  return {
      {"a block of the reserved type", followed({0x07})},
      {"a stored block whose lengths do not agree", followed({0x01, 3, 0, 0xfc, 0xfe})},
      {"a match before there is anything",
       followed(DeflateBits().block(true, 1).fixed(257).fixed_distance(0).bytes())},
      {"a match that reaches too far back",
       followed(DeflateBits().block(true, 1).fixed('a').fixed(257).fixed_distance(1).bytes())},
      {"a length that does not exist",
       followed(DeflateBits().block(true, 1).fixed('a').fixed(286).fixed_distance(0).bytes())},
      {"a distance that does not exist",
       followed(DeflateBits().block(true, 1).fixed('a').fixed(257).fixed_distance(30).bytes())},
      {"more codes than bits can tell apart", followed(oversubscribed.bytes())},
      {"more lengths than there are",
       followed(DeflateBits().block(true, 2).number(30, 5).number(0, 5).number(0, 4).bytes())},
      {"a dynamic block without an end", followed(no_end.bytes())},
  };
}

}  // namespace wd::test
