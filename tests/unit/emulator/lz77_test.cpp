// Matches for zstd: put together again, they are the input.
#include <gtest/gtest.h>

#include <cstring>

#include "zip_words.hpp"

namespace wd::test {
namespace {

constexpr std::uint32_t kLz77Zstd = 0x43;
constexpr std::size_t kBehindSequences = 8 + 784;

struct Sequence {
  std::uint32_t offset;
  std::uint16_t literals, match;
};

Words request(const Bytes& plain, Bytes& literals, Bytes& sequences) {
  Words words = whole(kLz77Zstd, plain, sequences);
  words[13] = static_cast<std::uint32_t>(literals.size());
  put_address(words, 24, literals.data());
  return words;
}

Bytes put_together(const Words& answer, const Bytes& literals, const Bytes& sequences) {
  Bytes plain;
  auto literal = literals.begin();
  const std::uint32_t overflow_at = answer[31] & 0xffffff;
  for (std::uint32_t each = 0; each < answer[1]; ++each) {
    Sequence sequence{};
    std::memcpy(&sequence, &sequences[each * sizeof(sequence)], sizeof(sequence));
    const bool overflows = answer[31] >> 24 != 0 && each == overflow_at;
    plain.insert(plain.end(), literal, literal + sequence.literals);
    literal += sequence.literals;
    const std::size_t length = sequence.match + 3U + (overflows ? 0x10000U : 0U);
    for (std::size_t left = length; left > 0; --left)
      plain.push_back(plain[plain.size() - (sequence.offset - 3)]);
  }
  plain.insert(plain.end(), literal, literals.begin() + answer[2]);
  return plain;
}

TEST(EmulatedMatches, MakeUpTheInput) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  for (const std::size_t bytes : {1U, 3U, 1000U, 50'000U, 131'072U}) {
    const Bytes plain = mixture(bytes);
    Bytes literals(bytes + 16);
    Bytes sequences(bytes * 2 + 16 + kBehindSequences);
    const Words answer = queue.run(request(plain, literals, sequences));
    EXPECT_EQ(status_of(answer), 0U);
    EXPECT_EQ(answer[0], bytes);
    EXPECT_TRUE(put_together(answer, literals, sequences) == plain) << bytes;
  }
}

TEST(EmulatedMatches, TellOfALengthThatIsTooLong) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain(100'000, 7);
  Bytes literals(100'016);
  Bytes sequences(2000);
  const Words answer = queue.run(request(plain, literals, sequences));
  EXPECT_EQ(answer[31] >> 24, 1U);
  EXPECT_EQ(put_together(answer, literals, sequences), plain);
}

TEST(EmulatedMatches, NeedTheirRoom) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain = text(1000);
  Bytes literals(1016);
  Bytes sequences(400);
  EXPECT_EQ(status_of(queue.run(request(plain, literals, sequences))), 0x0eU);
  const Bytes large(131'073);
  EXPECT_GT(status_of(queue.run(request(large, literals, sequences))), 0x13U);
}

}  // namespace
}  // namespace wd::test
