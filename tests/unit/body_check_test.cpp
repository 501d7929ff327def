// Whether a body is made of what it should be, piece by piece.
#include "stream/body_check.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <span>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace wd::test {
namespace {

struct Close {
  void operator()(BodyCheck* check) const { BodyCheck::close(check); }
};
using Owned = std::unique_ptr<BodyCheck, Close>;

using Part = std::span<const std::uint8_t>;

// A raw body in two pieces, the first one flushed.
struct Body {
  Bytes plain = mixture(100'000);
  Bytes packed;
  std::size_t plain_cut = 40'000;
  std::size_t packed_cut = 0;

  Body() {
    z_stream stream{};
    ref_deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                      sizeof(stream));
    packed.resize(200'000);
    stream.next_out = packed.data();
    stream.avail_out = 200'000;
    stream.next_in = plain.data();
    stream.avail_in = static_cast<uInt>(plain_cut);
    ref_deflate(&stream, Z_SYNC_FLUSH);
    packed_cut = stream.total_out;
    stream.avail_in = static_cast<uInt>(plain.size() - plain_cut);
    ref_deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    ref_deflateEnd(&stream);
  }
  [[nodiscard]] Part first_packed() const { return Part(packed).first(packed_cut); }
  [[nodiscard]] Part last_packed() const { return Part(packed).subspan(packed_cut); }
  [[nodiscard]] Part first_plain() const { return Part(plain).first(plain_cut); }
  [[nodiscard]] Part last_plain() const { return Part(plain).subspan(plain_cut); }
};

class BodyCheckTest : public testing::Test {
 protected:
  const Body body_;
  Owned check_{BodyCheck::open()};
};

TEST_F(BodyCheckTest, AgreesPieceByPiece) {
  EXPECT_TRUE(check_->agrees(body_.first_packed(), body_.first_plain()));
  EXPECT_FALSE(check_->ended());
  EXPECT_TRUE(check_->agrees({}, {})) << "nothing is made of nothing";
  EXPECT_TRUE(check_->agrees(body_.last_packed(), body_.last_plain()));
  EXPECT_TRUE(check_->ended());
}

TEST_F(BodyCheckTest, TakesNeitherMoreNorLess) {
  for (const std::size_t missing : {1u, 4096u, 40'000u}) {
    check_->reset();
    EXPECT_FALSE(
        check_->agrees(body_.first_packed(), body_.first_plain().first(body_.plain_cut - missing)));
  }
  for (const std::size_t more : {1u, 4096u, 60'000u}) {
    check_->reset();
    EXPECT_FALSE(
        check_->agrees(body_.first_packed(), Part(body_.plain).first(body_.plain_cut + more)));
  }
  check_->reset();
  EXPECT_FALSE(check_->agrees({}, body_.first_plain()));
  check_->reset();
  EXPECT_FALSE(
      check_->agrees(body_.first_packed().first(body_.packed_cut / 2), body_.first_plain()))
      << "cut off";
}

// A wrong bit anywhere in a body is a wrong body, or another way to write the same text, which is
// as good.
TEST_F(BodyCheckTest, FindsAnyWrongBit) {
  unsigned same = 0;
  constexpr unsigned kFlips = 3000;
  Seeded seeded(1);
  for (unsigned i = 0; i < kFlips; ++i) {
    const Bytes wrong =
        with_flipped_bits(body_.packed, seeded.below(body_.packed.size()), 1u << seeded.below(8));
    check_->reset();
    const bool agrees = check_->agrees(wrong, body_.plain) && check_->ended();
    EXPECT_EQ(agrees, reference_decompress(Format::raw, wrong, body_.plain.size()) == body_.plain);
    same += agrees ? 1 : 0;
  }
  EXPECT_LT(same, kFlips / 10);
}

TEST_F(BodyCheckTest, FindsAWrongByteOfTheText) {
  for (const std::size_t at : {0u, 1u, 4095u, 4096u, 39'999u}) {
    check_->reset();
    const Bytes other = with_flipped_bits(body_.plain, at, 0x40);
    EXPECT_FALSE(check_->agrees(body_.first_packed(), Part(other).first(body_.plain_cut))) << at;
  }
}

TEST_F(BodyCheckTest, LeavesATrailerAlone) {
  Bytes packed = body_.packed;
  packed.insert(packed.end(), 8, 0x55);
  EXPECT_TRUE(check_->agrees(packed, body_.plain));
  EXPECT_TRUE(check_->ended());
}

TEST_F(BodyCheckTest, GoesOnAsACopy) {
  ASSERT_TRUE(check_->agrees(body_.first_packed(), body_.first_plain()));
  const Owned copy(BodyCheck::copy(*check_));
  ASSERT_NE(copy, nullptr);
  EXPECT_FALSE(check_->agrees(body_.last_packed(), body_.first_plain()));
  EXPECT_TRUE(copy->agrees(body_.last_packed(), body_.last_plain()));
  EXPECT_TRUE(copy->ended());
  const PieceCheck question = check_->question();
  check_->reset();
  EXPECT_TRUE(question.agrees(question.user, body_.first_packed(), body_.first_plain()));
}

}  // namespace
}  // namespace wd::test
