#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/pieces.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/session.hpp"

namespace {

using wd::Completion;
using wd::CompressOptions;
using wd::Compressor;
using wd::Context;
using wd::Flush;
using wd::Format;
using wd::Status;
using wd::test::Bytes;
using wd::test::cut_input;
using wd::test::cut_output;
using wd::test::GuardedBuffer;
using wd::test::mixture;
using wd::test::noise;
using wd::test::reference_decompress;
using wd::test::span_of;
using wd::test::text;

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};

class CompressorTest : public testing::Test {
 protected:
  Compressor open(const CompressOptions& options = {}) const {
    return Compressor::open(context_, options).value();
  }
  // Runs requests with room for `room` bytes each, until one does not end with output_full; what
  // they made is appended to `packed`.
  static Status go_on(Compressor& session, std::span<const std::uint8_t> in, Flush flush,
                      std::size_t room, Bytes& packed) {
    const GuardedBuffer out(room);
    for (;;) {
      const auto done = wd::test::run_whole(session, in, out.span(), flush);
      EXPECT_TRUE(done);
      packed.insert(packed.end(), out.data(), out.data() + done->produced);
      in = in.subspan(done->consumed);
      if (done->status != Status::output_full) {
        EXPECT_TRUE(in.empty());
        return done->status;
      }
      EXPECT_EQ(done->produced, room) << "called full with room left";
      if (packed.size() > 100000) {
        ADD_FAILURE() << "there is no end to it";
        return done->status;
      }
    }
  }

  Context context_{wd::Config{}};
};

TEST_F(CompressorTest, MakesAMessageOfOneRequest) {
  for (const Format format : kFormats)
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100000}}) {
      const Bytes plain = mixture(size);
      Compressor session = open({.format = format});
      Bytes out(size + 1000);
      const auto done = wd::test::run_whole(session, plain, out, Flush::finish);
      ASSERT_TRUE(done);
      EXPECT_EQ(done->status, Status::end);
      EXPECT_EQ(done->consumed, size);
      out.resize(done->produced);
      EXPECT_EQ(reference_decompress(format, out, size), plain);
    }
}

TEST_F(CompressorTest, GoesOnWhereItsOutputWasFull) {
  const Bytes plain = mixture(20000);
  for (const Format format : kFormats)
    for (const Flush flush : {Flush::none, Flush::sync, Flush::full, Flush::finish})
      for (const std::size_t room :
           {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}, std::size_t{5000}}) {
        Compressor session = open({.format = format});
        Bytes packed;
        const Status status = go_on(session, plain, flush, room, packed);
        EXPECT_EQ(status, flush == Flush::finish ? Status::end : Status::ok);
        if (flush != Flush::finish) {
          EXPECT_EQ(go_on(session, {}, Flush::finish, room, packed), Status::end);
        }
        EXPECT_EQ(reference_decompress(format, packed, plain.size()), plain);
      }
}

// What has been given comes out up to a flush, and the flush only once.
TEST_F(CompressorTest, FlushesOnceAtTheEndOfARequest) {
  const Bytes plain = text(3000);
  for (const Flush flush : {Flush::sync, Flush::full})
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::size_t{3000}}) {
      Compressor session = open({.format = Format::raw});
      const auto in = cut_input(plain, piece);
      Bytes out(4000);
      const wd::MutableBuffer room{out.data(), out.size()};
      const auto done = session.run({.in = in, .out = {&room, 1}, .flush = flush});
      ASSERT_TRUE(done);
      ASSERT_EQ(done->status, Status::ok);
      out.resize(done->produced);
      const Bytes mark{0, 0, 0xff, 0xff};
      const auto found = std::search(out.begin(), out.end(), mark.begin(), mark.end());
      EXPECT_EQ(out.end() - found, 4) << "once, and at the end";
      out.insert(out.end(), {0x03, 0x00});  // an empty final block
      EXPECT_EQ(reference_decompress(Format::raw, out, plain.size()), plain);
    }
}

TEST_F(CompressorTest, CanBeReadFromAFullFlushOn) {
  const Bytes first = text(2000, 1);
  const Bytes second = text(2000, 1);  // would be found in the first
  Compressor session = open({.format = Format::raw});
  Bytes packed;
  ASSERT_EQ(go_on(session, first, Flush::full, 5000, packed), Status::ok);
  const std::size_t border = packed.size();
  ASSERT_EQ(go_on(session, second, Flush::finish, 5000, packed), Status::end);
  packed.erase(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(border));
  EXPECT_EQ(reference_decompress(Format::raw, packed, 2000), second);
}

TEST_F(CompressorTest, TakesAndFillsPiecesOfAnySize) {
  const Bytes plain = mixture(3000);
  for (const Format format : kFormats)
    for (const std::size_t in_piece : {std::size_t{1}, std::size_t{999}, std::size_t{3000}})
      for (const std::size_t out_piece : {std::size_t{1}, std::size_t{777}, std::size_t{5000}})
        for (const bool with_empty : {false, true}) {
          Compressor session = open({.format = format});
          const GuardedBuffer out(5000);
          const auto in = cut_input(plain, in_piece, with_empty);
          const auto room = cut_output(out.span(), out_piece, with_empty);
          const auto done = session.run({.in = in, .out = room});
          ASSERT_TRUE(done);
          EXPECT_EQ(done->status, Status::end);
          EXPECT_EQ(done->consumed, plain.size());
          EXPECT_EQ(reference_decompress(format, out.span().first(done->produced), 3000), plain);
        }
}

TEST_F(CompressorTest, ContinuesAStreamOverRequests) {
  const Bytes plain = mixture(50000);
  Compressor session = open({.format = Format::gzip});
  Bytes packed;
  std::span<const std::uint8_t> rest = plain;
  for (std::size_t part = 1; !rest.empty(); part = part * 2 + 1) {
    const auto now = rest.first(std::min(part, rest.size()));
    rest = rest.subspan(now.size());
    EXPECT_EQ(go_on(session, now, rest.empty() ? Flush::finish : Flush::none, 300, packed),
              rest.empty() ? Status::end : Status::ok);
  }
  EXPECT_EQ(reference_decompress(Format::gzip, packed, plain.size()), plain);
}

TEST_F(CompressorTest, StartsAnotherStreamBehindTheEnd) {
  Compressor session = open({.format = Format::zlib});
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Bytes plain = mixture(5000, seed);
    Bytes packed;
    EXPECT_EQ(go_on(session, plain, Flush::finish, 700, packed), Status::end);
    EXPECT_EQ(reference_decompress(Format::zlib, packed, 5000), plain);
  }
}

TEST_F(CompressorTest, DropsAStreamWhenReset) {
  const Bytes plain = text(5000);
  for (const std::size_t room : {std::size_t{10}, std::size_t{10000}}) {
    Compressor session = open();
    Bytes dropped(room);
    ASSERT_TRUE(wd::test::run_whole(session, noise(30000), dropped, Flush::sync));
    session.reset();
    Bytes packed;
    EXPECT_EQ(go_on(session, plain, Flush::finish, 700, packed), Status::end);
    EXPECT_EQ(reference_decompress(Format::zlib, packed, 5000), plain);
  }
}

TEST_F(CompressorTest, UsesItsDictionaryForEveryStream) {
  const Bytes dictionary = text(1000, 4);
  const Bytes plain = text(800, 4);  // all of it is there
  for (const Format format : {Format::raw, Format::zlib}) {
    Compressor session = open({.format = format, .dictionary = span_of(dictionary)});
    for (int stream = 0; stream < 2; ++stream) {
      Bytes packed;
      EXPECT_EQ(go_on(session, plain, Flush::finish, 1000, packed), Status::end);
      EXPECT_LT(packed.size(), 50u);
      EXPECT_EQ(reference_decompress(format, packed, 800, dictionary), plain);
    }
  }
}

TEST_F(CompressorTest, MeansWhatItsOptionsSay) {
  const Bytes plain = mixture(60000);
  for (int level = 0; level <= 9; ++level)
    for (const int window_bits : {9, 12, 15})
      for (const int memory_level : {1, 8, 9})
        for (int strategy = 0; strategy <= 4; ++strategy) {
          Compressor session = open({.format = Format::zlib,
                                     .level = level,
                                     .window_bits = window_bits,
                                     .memory_level = memory_level,
                                     .strategy = static_cast<wd::Strategy>(strategy)});
          Bytes packed;
          ASSERT_EQ(go_on(session, plain, Flush::finish, 100000, packed), Status::end);
          EXPECT_EQ(packed[0] >> 4, window_bits - 8);
          ASSERT_EQ(reference_decompress(Format::zlib, packed, plain.size()), plain);
        }
}

TEST_F(CompressorTest, NamesTheOptionThatIsOutOfRange) {
  const auto complaint = [&](const CompressOptions& options) -> std::string {
    const auto opened = Compressor::open(context_, options);
    if (opened) return "";
    EXPECT_EQ(opened.error().code, wd::Errc::invalid_argument);
    return opened.error().text;
  };
  EXPECT_EQ(complaint({.format = Format::automatic}), "format: must be raw, zlib or gzip");
  for (const int level : {-1, 10}) EXPECT_EQ(complaint({.level = level}), "level: must be 0 to 9");
  for (const int bits : {0, 8, 16, -15})
    EXPECT_EQ(complaint({.window_bits = bits}), "window_bits: must be 9 to 15");
  for (const int level : {0, 10})
    EXPECT_EQ(complaint({.memory_level = level}), "memory_level: must be 1 to 9");
  EXPECT_EQ(complaint({.strategy = static_cast<wd::Strategy>(5)}), "strategy: unknown");
  const Bytes dictionary = text(10);
  EXPECT_EQ(complaint({.format = Format::gzip, .dictionary = span_of(dictionary)}),
            "dictionary: gzip has none");
}

}  // namespace
