#include "stream/whole_frame.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "software/whole_codecs.hpp"
#include "wd/checksum.hpp"
#include "wd/one_shot.hpp"
#include "zlib_api.hpp"

namespace {

using wd::BorrowedScratch;
using wd::Context;
using wd::DeflateParameters;
using wd::Format;
using wd::Strategy;
using wd::WholeResult;
using wd::WholeVerdict;
using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::noise;
using wd::test::text;

// An engine whose output never fits.
constexpr wd::WholeCodec kBulky{wd::Engine::libdeflate,
                                [](BorrowedScratch&, int, const std::uint8_t*, std::size_t,
                                   std::uint8_t*, std::size_t) noexcept -> WholeResult {
                                  return {WholeVerdict::does_not_fit, 0, 0};
                                },
                                [](const std::uint8_t*, std::size_t) noexcept { return true; },
                                [](std::size_t bytes) noexcept { return bytes; }};

// An engine that cannot run at all.
constexpr wd::WholeCodec kRefusing{wd::Engine::libdeflate,
                                   [](BorrowedScratch&, int, const std::uint8_t*, std::size_t,
                                      std::uint8_t*, std::size_t) noexcept -> WholeResult {
                                     return {WholeVerdict::refused, 0, 0};
                                   },
                                   [](const std::uint8_t*, std::size_t) noexcept { return true; },
                                   [](std::size_t bytes) noexcept { return bytes; }};

constexpr std::size_t kEnough = 4096;

const wd::WholeCodec* encoder(const Context& context, const DeflateParameters& parameters,
                              std::size_t bytes = kEnough) {
  static const Bytes plain = text(kEnough);
  return wd::whole_encoder(context, parameters, plain.data(), bytes);
}

TEST(WholeEncoder, IsForOrdinaryParametersOnly) {
  const Context context{wd::Config{}};
  for (int level = 1; level <= 9; ++level) EXPECT_NE(encoder(context, {.level = level}), nullptr);
  EXPECT_EQ(encoder(context, {.level = 0}), nullptr) << "stored means stored";
  EXPECT_EQ(encoder(context, {.window_bits = 14}), nullptr);
  for (const Strategy strategy :
       {Strategy::filtered, Strategy::huffman_only, Strategy::rle, Strategy::fixed})
    EXPECT_EQ(encoder(context, {.strategy = strategy}), nullptr);
}

TEST(WholeEncoder, IsNoneForMessagesThatZlibMakesSmaller) {
  const Context context{wd::Config{}};
  EXPECT_EQ(encoder(context, {}, 1), nullptr);
  EXPECT_EQ(encoder(context, {}, 511), nullptr);
  EXPECT_NE(encoder(context, {}, 512), nullptr);
}

// Numbers, one after the other: libdeflate's output was up to a quarter larger than zlib's.
TEST(WholeEncoder, IsNoneForInputOfFewDifferentBytes) {
  const Context context{wd::Config{}};
  std::string numbers;
  for (int i = 0; i < 30000; ++i) numbers += std::to_string(i) + " ";
  const auto* in = reinterpret_cast<const std::uint8_t*>(numbers.data());
  EXPECT_EQ(wd::whole_encoder(context, {}, in, numbers.size()), nullptr);
  for (int level = 1; level <= 9; ++level) {
    Bytes out(wd::compress_bound(Format::zlib, numbers.size()));
    const auto made = wd::compress(context, Format::zlib, level, std::as_bytes(std::span(numbers)),
                                   std::as_writable_bytes(std::span(out)));
    ASSERT_TRUE(made);
    Bytes zlibs(out.size());
    uLongf zlibs_bytes = zlibs.size();
    ASSERT_EQ(ref_compress2(zlibs.data(), &zlibs_bytes, in, numbers.size(), level), Z_OK);
    EXPECT_LE(100 * *made, 101 * zlibs_bytes) << level;
  }
  const Bytes zeros(kEnough, 0);
  EXPECT_NE(wd::whole_encoder(context, {}, zeros.data(), zeros.size()), nullptr) << "long runs";
}

TEST(WholeEncoder, IsNoneWhereZlibsBytesAreAskedFor) {
  wd::Config config;
  config.compression = wd::CompressionChoice::exact;
  EXPECT_EQ(encoder(Context(config), {}), nullptr);
}

TEST(EncodeFrame, TellsTheChecksumOfItsFormat) {
  const Context context{wd::Config{}};
  const Bytes plain = text(5000);
  Bytes out(6000);
  BorrowedScratch scratch;
  const auto check = [&](Format format) {
    const wd::EncodedFrame frame =
        wd::encode_frame(context, wd::kWholeEncoder, scratch, format, {}, plain.data(),
                         plain.size(), out.data(), out.size());
    EXPECT_EQ(wd::test::reference_decompress(format, std::span(out.data(), frame.bytes), 5000),
              plain);
    return frame.check;
  };
  EXPECT_EQ(check(Format::zlib), wd::adler32(1, plain.data(), plain.size()));
  EXPECT_EQ(check(Format::gzip), wd::crc32(0, plain.data(), plain.size()));
  EXPECT_EQ(check(Format::raw), 1u);
}

TEST(EncodeFrame, StoresWhatAnEngineCannotFit) {
  const Context context{wd::Config{}};
  BorrowedScratch scratch;
  for (const Format format : {Format::raw, Format::zlib, Format::gzip})
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{70000}}) {
      const Bytes plain = noise(size, 2);
      const GuardedBuffer out(wd::compress_bound(format, size));
      const wd::EncodedFrame frame = wd::encode_frame(context, kBulky, scratch, format, {},
                                                      plain.data(), size, out.data(), out.size());
      ASSERT_NE(frame.bytes, 0u);
      EXPECT_EQ(wd::test::reference_decompress(format, std::span(out.data(), frame.bytes), size),
                plain);
    }
}

TEST(EncodeFrame, GivesUpWhereNothingFits) {
  const Context context{wd::Config{}};
  BorrowedScratch scratch;
  const Bytes plain = noise(1000, 3);
  for (const std::size_t room : {std::size_t{0}, std::size_t{1}, std::size_t{6}, std::size_t{7},
                                 std::size_t{18}, std::size_t{1004}}) {
    const GuardedBuffer out(room);
    EXPECT_EQ(wd::encode_frame(context, kBulky, scratch, Format::zlib, {}, plain.data(),
                               plain.size(), out.data(), room)
                  .bytes,
              0u);
  }
}

TEST(EncodeFrame, LeavesToOthersWhatAnEngineRefuses) {
  const Context context{wd::Config{}};
  BorrowedScratch scratch;
  const Bytes plain = noise(100, 3);
  Bytes out(1000);
  EXPECT_EQ(wd::encode_frame(context, kRefusing, scratch, Format::zlib, {}, plain.data(),
                             plain.size(), out.data(), out.size())
                .bytes,
            0u);
}

TEST(DecompressZlibWhole, SaysNothingAboutWhatIsNotForIt) {
  const Context context{wd::Config{}};
  const Bytes plain = text(500);
  Bytes out(500);
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const auto taken = [&](const Bytes& packed, std::size_t room) {
    return wd::decompress_zlib_whole(context, packed.data(), packed.size(), out.data(), room,
                                     &consumed, &produced);
  };
  const Bytes good = wd::test::reference_compress(Format::zlib, plain);
  EXPECT_TRUE(taken(good, 500));
  EXPECT_EQ(consumed, good.size());
  EXPECT_EQ(produced, 500u);
  EXPECT_FALSE(taken(good, 499));
  EXPECT_FALSE(taken(wd::test::with_flipped_bits(good, good.size() - 1, 1), 500));
  EXPECT_FALSE(taken(wd::test::reference_compress(Format::gzip, plain), 500));
  EXPECT_FALSE(
      taken(wd::test::reference_compress(Format::zlib, plain, {.dictionary = plain}), 500));
  // The id of a dictionary that could be taken for an empty message.
  EXPECT_FALSE(taken({0x78, 0xbb, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01}, 500));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(taken(Bytes(good.begin(), good.begin() + size), 500));
}

}  // namespace
