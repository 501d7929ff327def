// AES in counter mode and in chaining mode, beside the same computed block by block: the published
// vectors and OpenSSL as an oracle are tests/provider's.
#include "wd/aes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include "fixtures/guarded_buffer.hpp"

namespace {

using wd::test::GuardedBuffer;
using Bytes = std::vector<std::uint8_t>;
using Block = std::array<std::uint8_t, wd::AesKey::kBlockBytes>;

constexpr std::size_t kBlockBytes = wd::AesKey::kBlockBytes;
// Around every border of the wide code: a block, a register, two, four, eight of them.
constexpr std::size_t kLengths[] = {1,   15,  16,  17,  31,  48,  63,  64,  65,  127,  128,  129,
                                    191, 255, 256, 257, 511, 512, 513, 767, 768, 1023, 1024, 1500};

class Aes : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (!wd::aes_usable()) GTEST_SKIP() << "this CPU has no wide AES instructions";
    wd::aes_expand_key(random_bytes(GetParam()).data(), GetParam(), key_);
    wd::aes_invert_key(key_, inverted_);
  }

  Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    return bytes;
  }

  // The cipher itself: a chain of one block from an IV of zeros.
  Block encrypted(const Block& block) {
    Block iv{};
    Block out;
    wd::aes_cbc_encrypt(key_, iv.data(), block.data(), out.data(), kBlockBytes);
    return out;
  }

  static void count_up(Block& counter) {
    for (std::size_t i = kBlockBytes; i-- > 0;)
      if (++counter[i] != 0) return;
  }

  Bytes counter_mode(Block counter, const Bytes& text) {
    Bytes out(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      out[i] = text[i] ^ encrypted(counter)[i % kBlockBytes];
      if (i % kBlockBytes == kBlockBytes - 1) count_up(counter);
    }
    return out;
  }

  wd::AesKey key_;
  wd::AesDecryptionKey inverted_;
  std::mt19937 random_{17};
};

TEST_P(Aes, CountsWithinPages) {
  for (const std::size_t bytes : kLengths) {
    const Bytes text = random_bytes(bytes);
    Block counter;
    std::memcpy(counter.data(), random_bytes(kBlockBytes).data(), kBlockBytes);
    const Bytes expected = counter_mode(counter, text);
    const GuardedBuffer in(text);
    const GuardedBuffer out(bytes);
    wd::AesCtrState state{};
    std::memcpy(state.counter, counter.data(), kBlockBytes);
    wd::aes_ctr_update(key_, state, in.data(), out.data(), bytes);
    EXPECT_EQ(Bytes(out.data(), out.data() + bytes), expected) << bytes << " bytes";
  }
}

TEST_P(Aes, CountsOnInTheNextPiece) {
  const Bytes text = random_bytes(4000);
  for (int round = 0; round < 50; ++round) {
    wd::AesCtrState whole{};
    wd::AesCtrState pieces{};
    Bytes expected(text.size());
    Bytes out(text.size());
    wd::aes_ctr_update(key_, whole, text.data(), expected.data(), text.size());
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t piece = std::min<std::size_t>(random_() % 300, text.size() - at);
      wd::aes_ctr_update(key_, pieces, text.data() + at, out.data() + at, piece);
      at += piece;
    }
    ASSERT_EQ(out, expected);
    ASSERT_EQ(std::memcmp(pieces.counter, whole.counter, kBlockBytes), 0);
  }
}

// The low word, and all of it.
TEST_P(Aes, CountsOverEveryBorder) {
  for (const std::size_t ones : {4u, 8u, 12u, 16u})
    for (const int below : {0, 1, 2, 5, 9, 40}) {
      Block counter{};
      std::memset(counter.data() + kBlockBytes - ones, 0xff, ones);
      counter[kBlockBytes - 1] = static_cast<std::uint8_t>(0xff - below);
      const Bytes text = random_bytes(1100);
      wd::AesCtrState state{};
      std::memcpy(state.counter, counter.data(), kBlockBytes);
      Bytes out(text.size());
      wd::aes_ctr_update(key_, state, text.data(), out.data(), text.size());
      EXPECT_EQ(out, counter_mode(counter, text)) << ones << " bytes of ones, less " << below;
    }
}

TEST_P(Aes, ChainsWithinPagesAndBack) {
  for (const std::size_t length : kLengths) {
    const std::size_t bytes = length / kBlockBytes * kBlockBytes;
    if (bytes == 0) continue;
    const Bytes text = random_bytes(bytes);
    const Bytes iv = random_bytes(kBlockBytes);
    const GuardedBuffer in(text);
    const GuardedBuffer out(bytes);
    Bytes chain = iv;
    wd::aes_cbc_encrypt(key_, chain.data(), in.data(), out.data(), bytes);
    EXPECT_EQ(std::memcmp(chain.data(), out.data() + bytes - kBlockBytes, kBlockBytes), 0);
    // Back to the text, in place.
    chain = iv;
    wd::aes_cbc_decrypt(inverted_, chain.data(), out.data(), out.data(), bytes);
    EXPECT_EQ(Bytes(out.data(), out.data() + bytes), text) << bytes << " bytes";
  }
}

TEST_P(Aes, ChainsEachBlockToTheNext) {
  const Bytes text = random_bytes(10 * kBlockBytes);
  Block chain{};
  Bytes expected;
  for (std::size_t at = 0; at < text.size(); at += kBlockBytes) {
    for (std::size_t i = 0; i < kBlockBytes; ++i) chain[i] ^= text[at + i];
    chain = encrypted(chain);
    expected.insert(expected.end(), chain.begin(), chain.end());
  }
  Block iv{};
  Bytes out(text.size());
  wd::aes_cbc_encrypt(key_, iv.data(), text.data(), out.data(), text.size());
  EXPECT_EQ(out, expected);
}

INSTANTIATE_TEST_SUITE_P(Keys, Aes, testing::Values(16, 24, 32),
                         [](const auto& key) { return std::to_string(key.param * 8) + "Bits"; });

TEST(AesKeys, AreFips197s) {
  if (!wd::aes_usable()) GTEST_SKIP() << "this CPU has no wide AES instructions";
  // FIPS 197, appendix C.1.
  Bytes key(16);
  Block text;
  for (std::size_t i = 0; i < 16; ++i) {
    key[i] = static_cast<std::uint8_t>(i);
    text[i] = static_cast<std::uint8_t>(i * 0x11);
  }
  constexpr Block kExpected{0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                            0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
  wd::AesKey expanded;
  wd::aes_expand_key(key.data(), key.size(), expanded);
  Block iv{};
  Block out;
  wd::aes_cbc_encrypt(expanded, iv.data(), text.data(), out.data(), out.size());
  EXPECT_EQ(out, kExpected);
}

}  // namespace
