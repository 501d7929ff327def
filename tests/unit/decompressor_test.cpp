#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/pieces.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/checksum.hpp"
#include "wd/session.hpp"

namespace {

using wd::Context;
using wd::DecompressOptions;
using wd::Decompressor;
using wd::Flush;
using wd::Format;
using wd::Status;
using wd::test::Bytes;
using wd::test::cut_input;
using wd::test::cut_output;
using wd::test::GuardedBuffer;
using wd::test::mixture;
using wd::test::reference_compress;
using wd::test::run_whole;
using wd::test::span_of;
using wd::test::text;

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};

bool starts_with(std::span<const std::uint8_t> bytes, const Bytes& start) {
  return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

class DecompressorTest : public testing::Test {
 protected:
  Decompressor open(const DecompressOptions& options = {}) const {
    return Decompressor::open(context_, options).value();
  }
  Context context_{wd::Config{}};
};

TEST_F(DecompressorTest, ReadsAMessageInOneRequest) {
  for (const Format format : kFormats)
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100000}}) {
      const Bytes plain = mixture(size);
      const GuardedBuffer packed(reference_compress(format, plain));
      const GuardedBuffer out(size);
      Decompressor session = open({.format = format});
      const auto done = run_whole(session, packed.span(), out.span(), Flush::finish);
      ASSERT_TRUE(done);
      EXPECT_EQ(done->status, Status::end) << "format " << static_cast<int>(format) << ", " << size;
      EXPECT_EQ(done->consumed, packed.size());
      EXPECT_TRUE(starts_with(out.span().first(done->produced), plain));
    }
}

TEST_F(DecompressorTest, ReadsAMessageThatArrivesInTwoParts) {
  const Bytes plain = mixture(600);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    for (std::size_t at = 0; at < packed.size(); ++at) {
      Decompressor session = open({.format = format});
      Bytes out(plain.size());
      const std::span<const std::uint8_t> all = packed;
      const auto first = run_whole(session, all.first(at), out, Flush::none);
      ASSERT_TRUE(first);
      ASSERT_NE(first->status, Status::corrupt_data);
      const std::span<std::uint8_t> rest = std::span(out).subspan(first->produced);
      const auto second = run_whole(session, all.subspan(first->consumed), rest, Flush::finish);
      ASSERT_TRUE(second);
      EXPECT_EQ(second->status, Status::end) << at;
      EXPECT_EQ(first->produced + second->produced, plain.size());
      EXPECT_EQ(out, plain);
    }
  }
}

TEST_F(DecompressorTest, GoesOnWhereItsOutputWasFull) {
  const Bytes plain = mixture(5000);
  for (const Format format : kFormats)
    for (const std::size_t room : {std::size_t{1}, std::size_t{2}, std::size_t{300}}) {
      const Bytes packed = reference_compress(format, plain);
      std::span<const std::uint8_t> in = packed;
      Decompressor session = open({.format = format});
      Bytes back;
      const GuardedBuffer out(room);
      for (Status status = Status::output_full; status == Status::output_full;) {
        const auto done = run_whole(session, in, out.span(), Flush::finish);
        ASSERT_TRUE(done);
        status = done->status;
        ASSERT_TRUE(status == Status::output_full || status == Status::end);
        if (status == Status::output_full) {
          EXPECT_EQ(done->produced, room);
        }
        back.insert(back.end(), out.data(), out.data() + done->produced);
        in = in.subspan(done->consumed);
        ASSERT_LE(back.size(), plain.size());
      }
      EXPECT_TRUE(in.empty());
      EXPECT_EQ(back, plain);
    }
}

TEST_F(DecompressorTest, TakesAndFillsPiecesOfAnySize) {
  const Bytes plain = mixture(3000);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    for (const std::size_t in_piece : {std::size_t{1}, std::size_t{99}, packed.size()})
      for (const std::size_t out_piece : {std::size_t{1}, std::size_t{777}, std::size_t{3000}})
        for (const bool with_empty : {false, true}) {
          Decompressor session = open({.format = format});
          const GuardedBuffer out(3000);
          const auto in = cut_input(packed, in_piece, with_empty);
          const auto room = cut_output(out.span(), out_piece, with_empty);
          const auto done = session.run({.in = in, .out = room});
          ASSERT_TRUE(done);
          EXPECT_EQ(done->status, Status::end) << in_piece << ", " << out_piece << with_empty;
          EXPECT_EQ(done->consumed, packed.size());
          EXPECT_TRUE(starts_with(out.span().first(done->produced), plain));
        }
  }
}

TEST_F(DecompressorTest, StopsBetweenConcatenatedMembers) {
  Bytes packed;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Bytes member = reference_compress(Format::gzip, text(2000, seed));
    packed.insert(packed.end(), member.begin(), member.end());
  }
  std::span<const std::uint8_t> in = packed;
  Decompressor session = open({.format = Format::gzip});
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Bytes out(3000);
    const auto done = run_whole(session, in, out, Flush::none);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->status, Status::end);
    in = in.subspan(done->consumed);
    out.resize(done->produced);
    EXPECT_EQ(out, text(2000, seed));
  }
  EXPECT_TRUE(in.empty());
}

TEST_F(DecompressorTest, SaysTruncatedWhenAskedToFinish) {
  const Bytes plain = mixture(400);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      Decompressor session = open({.format = format});
      Bytes out(plain.size() + 1);
      const auto done = run_whole(session, std::span(packed).first(size), out, Flush::finish);
      ASSERT_TRUE(done);
      EXPECT_EQ(done->status, Status::truncated) << size;
      // The next request is another stream's.
      const auto next = run_whole(session, packed, out, Flush::finish);
      ASSERT_TRUE(next);
      EXPECT_EQ(next->status, Status::end);
    }
  }
}

TEST_F(DecompressorTest, IsContentWithAPartOtherwise) {
  const Bytes packed = reference_compress(Format::zlib, text(400));
  for (const Flush flush : {Flush::none, Flush::sync, Flush::full}) {
    Decompressor session = open();
    Bytes out(500);
    for (const std::uint8_t& byte : std::span(packed).first(packed.size() - 1)) {
      const auto done = run_whole(session, {&byte, 1}, out, flush);
      ASSERT_TRUE(done);
      EXPECT_EQ(done->status, Status::ok);
      EXPECT_EQ(done->consumed, 1u);
    }
    EXPECT_EQ(run_whole(session, {&packed.back(), 1}, out, flush).value().status, Status::end);
  }
}

TEST_F(DecompressorTest, TellsCorruptDataAndStartsAnotherStream) {
  const Bytes plain = text(400);
  for (const Format format : {Format::zlib, Format::gzip}) {
    const Bytes good = reference_compress(format, plain);
    Decompressor session = open();
    Bytes out(400);
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, good.size() - 1}) {
      EXPECT_EQ(run_whole(session, wd::test::with_flipped_bits(good, at, 0x11), out, Flush::finish)
                    .value()
                    .status,
                Status::corrupt_data)
          << at;
      EXPECT_EQ(run_whole(session, good, out, Flush::finish).value().status, Status::end);
      EXPECT_EQ(out, plain);
    }
  }
}

TEST_F(DecompressorTest, FindsTheFormatByItself) {
  const Bytes plain = text(400);
  for (const Format format : {Format::zlib, Format::gzip}) {
    Decompressor session = open();
    Bytes out(400);
    EXPECT_EQ(
        run_whole(session, reference_compress(format, plain), out, Flush::finish).value().status,
        Status::end);
    EXPECT_EQ(out, plain);
  }
}

TEST_F(DecompressorTest, UsesItsDictionaryForEveryStream) {
  const Bytes dictionary = text(1000, 4);
  const Bytes plain = text(800, 4);
  for (const Format format : {Format::raw, Format::zlib}) {
    const Bytes packed = reference_compress(format, plain, {.dictionary = dictionary});
    Decompressor session = open({.format = format, .dictionary = span_of(dictionary)});
    for (int stream = 0; stream < 2; ++stream) {
      Bytes out(800);
      EXPECT_EQ(run_whole(session, packed, out, Flush::finish).value().status, Status::end);
      EXPECT_EQ(out, plain);
    }
  }
}

TEST_F(DecompressorTest, SaysThatADictionaryIsMissing) {
  const Bytes packed = reference_compress(Format::zlib, text(800, 4), {.dictionary = text(99, 5)});
  Bytes out(800);
  Decompressor without = open();
  EXPECT_EQ(run_whole(without, packed, out, Flush::finish).value().status, Status::need_dictionary);
  const Bytes other = text(99, 6);
  Decompressor with_another = open({.dictionary = span_of(other)});
  EXPECT_EQ(run_whole(with_another, packed, out, Flush::finish).value().status,
            Status::need_dictionary);
}

TEST_F(DecompressorTest, DropsAStreamWhenReset) {
  const Bytes plain = text(5000);
  const Bytes packed = reference_compress(Format::zlib, plain);
  for (std::size_t at = 1; at < packed.size(); at += 7) {
    Decompressor session = open();
    Bytes out(5000);
    ASSERT_TRUE(run_whole(session, std::span(packed).first(at), out, Flush::none));
    session.reset();
    EXPECT_EQ(run_whole(session, packed, out, Flush::finish).value().status, Status::end);
    EXPECT_EQ(out, plain);
  }
}

TEST_F(DecompressorTest, AcceptsNoLargerWindowThanAllowed) {
  const Bytes plain = text(400);
  Bytes out(400);
  for (int bits = 9; bits <= 15; ++bits) {
    const Bytes packed = reference_compress(Format::zlib, plain, {.window_bits = bits});
    Decompressor exact = open({.window_bits = bits});
    EXPECT_EQ(run_whole(exact, packed, out, Flush::finish).value().status, Status::end);
    Decompressor smaller = open({.window_bits = bits - 1});
    EXPECT_EQ(run_whole(smaller, packed, out, Flush::finish).value().status, Status::corrupt_data);
  }
}

TEST_F(DecompressorTest, NamesTheOptionThatIsOutOfRange) {
  for (const int bits : {-1, 0, 7, 16}) {
    const auto opened = Decompressor::open(context_, {.window_bits = bits});
    ASSERT_FALSE(opened);
    EXPECT_STREQ(opened.error().text, "window_bits: must be 8 to 15");
  }
  const auto opened = Decompressor::open(context_, {.format = static_cast<Format>(4)});
  ASSERT_FALSE(opened);
  EXPECT_STREQ(opened.error().text, "format: unknown");
}

// gzip's trailer has the length modulo 2^32; counters that are narrower than a message show here.
TEST_F(DecompressorTest, ReadsMessagesBeyondFourGibibytes) {
  constexpr std::size_t kRunBytes = std::size_t{64} << 20;
  constexpr std::size_t kRuns = 65;
  // A run of zeros that ends with a full flush decodes the same wherever it stands.
  const Bytes zeros(kRunBytes);
  Bytes run(1 << 20);
  z_stream stream{};
  ASSERT_EQ(ref_deflateInit2_(&stream, 1, Z_DEFLATED, -15, 8, 0, ZLIB_VERSION, sizeof(stream)),
            Z_OK);
  stream.next_in = const_cast<Bytef*>(zeros.data());
  stream.avail_in = kRunBytes;
  stream.next_out = run.data();
  stream.avail_out = static_cast<uInt>(run.size());
  ASSERT_EQ(ref_deflate(&stream, Z_FULL_FLUSH), Z_OK);
  run.resize(stream.total_out);
  ref_deflateEnd(&stream);
  ASSERT_LT(run.size(), std::size_t{1} << 20);

  const std::uint32_t run_crc = wd::crc32(0, zeros.data(), zeros.size());
  std::uint32_t crc = 0;
  Bytes packed{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  for (std::size_t i = 0; i < kRuns; ++i) {
    packed.insert(packed.end(), run.begin(), run.end());
    crc = wd::crc32_combine(crc, run_crc, kRunBytes);
  }
  packed.insert(packed.end(), {0x03, 0x00});
  for (const std::uint32_t field : {crc, static_cast<std::uint32_t>(kRuns * kRunBytes)})
    for (int i = 0; i < 4; ++i) packed.push_back(static_cast<std::uint8_t>(field >> (8 * i)));

  Bytes out(kRunBytes);
  const std::vector<wd::MutableBuffer> room(kRuns + 1, {out.data(), out.size()});
  const wd::ConstBuffer in{packed.data(), packed.size()};
  Decompressor session = open({.format = Format::gzip});
  const auto done = session.run({.in = {&in, 1}, .out = room});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, Status::end);
  EXPECT_EQ(done->consumed, packed.size());
  EXPECT_EQ(done->produced, kRuns * kRunBytes);
}

}  // namespace
