#include "wd/frame_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "checksum_definitions.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Format;
using wd::FrameReader;
using wd::GzipHeader;
using wd::InputCursor;
using wd::test::Bytes;
using wd::test::bytes_of;
using wd::test::crc32_by_definition;
using State = FrameReader::State;

// Flag bits of RFC 1952, 2.3.1.
constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kHeaderCrc = 2;
constexpr std::uint8_t kExtra = 4;
constexpr std::uint8_t kName = 8;
constexpr std::uint8_t kComment = 16;

struct Outcome {
  State state;
  std::size_t consumed;
  std::string message;

  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& to, const Outcome& outcome) {
  return to << "state " << int{static_cast<std::uint8_t>(outcome.state)} << " after "
            << outcome.consumed << " bytes, message: " << outcome.message;
}

// Reads a header that arrives in pieces of `piece` bytes, the first of `first`.
Outcome read_header(FrameReader& reader, const Bytes& bytes, GzipHeader* header = nullptr,
                    std::size_t first = ~std::size_t{0}, std::size_t piece = ~std::size_t{0}) {
  std::size_t at = 0;
  for (std::size_t part = first; at < bytes.size() && reader.in_header(); part = piece) {
    const auto given = static_cast<std::uint32_t>(std::min(part, bytes.size() - at));
    InputCursor in{bytes.data() + at, given};
    reader.read_header(in, header);
    at += given - in.left;
    if (in.left != 0 || reader.state() == State::dictionary) break;
  }
  return {reader.state(), at, reader.message() == nullptr ? "" : reader.message()};
}

Outcome read_header(Format format, int window_bits, const Bytes& bytes) {
  FrameReader reader;
  reader.start(format, window_bits);
  return read_header(reader, bytes);
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes gzip_head(std::uint8_t flags) {
  return {0x1f, 0x8b, 8, flags, 0x78, 0x56, 0x34, 0x12, 2, 3};
}

Bytes with_header_crc(Bytes header) {
  const std::uint32_t crc = crc32_by_definition(0, header);
  header.push_back(static_cast<std::uint8_t>(crc));
  header.push_back(static_cast<std::uint8_t>(crc >> 8));
  return header;
}

Bytes full_gzip_header() {
  return with_header_crc(joined({gzip_head(kText | kHeaderCrc | kExtra | kName | kComment),
                                 {5, 0},
                                 bytes_of("extra"),
                                 bytes_of("name\0"),
                                 bytes_of("a comment\0")}));
}

// ----- zlib headers -----

TEST(ZlibHeader, IsTwoBytes) {
  EXPECT_EQ(read_header(Format::zlib, 15, {0x78, 0x9c, 0x03}), (Outcome{State::body_ahead, 2, ""}));
}

TEST(ZlibHeader, NamesItsWindow) {
  for (int bits = 8; bits <= 15; ++bits) {
    const unsigned method = 8u | static_cast<unsigned>(bits - 8) << 4;
    const Bytes header{static_cast<std::uint8_t>(method),
                       static_cast<std::uint8_t>(31 - (method << 8) % 31)};
    FrameReader reader;
    reader.start(Format::zlib, 0);
    EXPECT_EQ(read_header(reader, header), (Outcome{State::body_ahead, 2, ""}));
    EXPECT_EQ(reader.window_bits(), bits);
    EXPECT_EQ(read_header(Format::zlib, bits, header).state, State::body_ahead);
    if (bits > 8) {
      EXPECT_EQ(read_header(Format::zlib, bits - 1, header),
                (Outcome{State::bad, 2, "invalid window size"}));
    }
  }
}

TEST(ZlibHeader, HasACheckOfItsOwn) {
  unsigned accepted = 0;
  for (unsigned flags = 0; flags < 256; ++flags) {
    const Outcome outcome = read_header(Format::zlib, 15, {0x78, static_cast<std::uint8_t>(flags)});
    if ((0x7800 + flags) % 31 == 0)
      ++accepted;
    else
      EXPECT_EQ(outcome, (Outcome{State::bad, 2, "incorrect header check"})) << flags;
  }
  EXPECT_EQ(accepted, 9u) << "every 31st number is valid";
}

TEST(ZlibHeader, KnowsOneMethodAndWindowsUpTo15) {
  EXPECT_EQ(read_header(Format::zlib, 15, {0x79, static_cast<std::uint8_t>(31 - 0x7900 % 31)}),
            (Outcome{State::bad, 2, "unknown compression method"}));
  EXPECT_EQ(read_header(Format::zlib, 15, {0x88, static_cast<std::uint8_t>(31 - 0x8800 % 31)}),
            (Outcome{State::bad, 2, "invalid window size"}));
}

TEST(ZlibHeader, StopsForADictionaryAndNamesIt) {
  const Bytes header{0x78, 0xbb, 0x12, 0x34, 0x56, 0x78, 0x03};
  for (std::size_t cut = 0; cut <= 6; ++cut) {
    FrameReader reader;
    reader.start(Format::zlib, 15);
    EXPECT_EQ(read_header(reader, header, nullptr, cut), (Outcome{State::dictionary, 6, ""}));
    EXPECT_EQ(reader.header_check(), 0x12345678u);
    reader.dictionary_given();
    InputCursor in{header.data() + 6, 1};
    reader.read_header(in, nullptr);
    EXPECT_EQ(reader.state(), State::body_ahead);
    EXPECT_EQ(in.left, 1u);
  }
}

// ----- gzip headers -----

TEST(GzipHeader, OfTenBytesIsTheShortest) {
  FrameReader reader;
  reader.start(Format::gzip, 15);
  GzipHeader header;
  std::uint8_t name[4] = "abc";
  header.name = name;
  EXPECT_EQ(read_header(reader, joined({gzip_head(0), {0x03}}), &header),
            (Outcome{State::body_ahead, 10, ""}));
  EXPECT_EQ(
      std::tuple(header.text, header.time, header.xflags, header.os, header.hcrc, header.done),
      std::tuple(0, 0x12345678ul, 2, 3, 0, 1));
  EXPECT_EQ(header.name, nullptr) << "there is none, which is told by a null";
}

TEST(GzipHeader, HasOptionalFieldsInAnyCombination) {
  for (std::uint8_t flags = 0; flags < 32; ++flags) {
    Bytes bytes = gzip_head(flags);
    if ((flags & kExtra) != 0) bytes = joined({bytes, {3, 0}, bytes_of("xyz")});
    if ((flags & kName) != 0) bytes = joined({bytes, bytes_of("n\0")});
    if ((flags & kComment) != 0) bytes = joined({bytes, bytes_of("cc\0")});
    if ((flags & kHeaderCrc) != 0) bytes = with_header_crc(bytes);
    EXPECT_EQ(read_header(Format::gzip, 15, joined({bytes, {0x03}})),
              (Outcome{State::body_ahead, bytes.size(), ""}))
        << int{flags};
  }
}

TEST(GzipHeader, ArrivesInPiecesOfAnySize) {
  const Bytes bytes = full_gzip_header();
  for (std::size_t first = 0; first <= bytes.size(); ++first)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, bytes.size()}) {
      std::uint8_t extra[8] = {};
      std::uint8_t name[8] = {};
      std::uint8_t comment[16] = {};
      GzipHeader header;
      header.extra = extra;
      header.extra_max = sizeof(extra);
      header.name = name;
      header.name_max = sizeof(name);
      header.comment = comment;
      header.comment_max = sizeof(comment);
      FrameReader reader;
      reader.start(Format::gzip, 15);
      ASSERT_EQ(read_header(reader, bytes, &header, first, piece),
                (Outcome{State::body_ahead, bytes.size(), ""}));
      ASSERT_EQ(std::tuple(header.text, header.time, header.xflags, header.os, header.hcrc,
                           header.done, header.extra_len),
                std::tuple(1, 0x12345678ul, 2, 3, 1, 1, 5u));
      ASSERT_EQ(std::string(extra, extra + 5), "extra");
      ASSERT_STREQ(reinterpret_cast<const char*>(name), "name");
      ASSERT_STREQ(reinterpret_cast<const char*>(comment), "a comment");
    }
}

TEST(GzipHeader, KeepsToTheRoomGivenForItsFields) {
  const Bytes bytes = full_gzip_header();
  for (std::size_t piece = 1; piece < 8; ++piece) {
    std::string extra = "........";
    std::string name = "........";
    std::string comment = "........";
    const auto at = [](std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); };
    GzipHeader header;
    header.extra = at(extra);
    header.extra_max = 3;
    header.name = at(name);
    header.name_max = 2;
    header.comment = at(comment);
    header.comment_max = 4;
    FrameReader reader;
    reader.start(Format::gzip, 15);
    EXPECT_EQ(read_header(reader, bytes, &header, piece, piece).state, State::body_ahead);
    EXPECT_EQ(extra, "ext.....");
    EXPECT_EQ(header.extra_len, 5u) << "its length is told whole";
    EXPECT_EQ(name, "na......");
    EXPECT_EQ(comment, "a co....");
  }
}

TEST(GzipHeader, IsCheckedByItsCrc) {
  const Bytes good = full_gzip_header();
  // From the flags' unused text bit on, whatever is changed but lengths shows in the CRC.
  for (const std::size_t at : {std::size_t{4}, std::size_t{8}, std::size_t{9}, std::size_t{13},
                               std::size_t{18}, good.size() - 2, good.size() - 1}) {
    const Bytes bytes = wd::test::with_flipped_bits(good, at, 0x20);
    EXPECT_EQ(read_header(Format::gzip, 15, bytes),
              (Outcome{State::bad, good.size(), "header crc mismatch"}))
        << at;
    FrameReader reader;
    reader.start(Format::gzip, 15);
    reader.set_verify(false);
    EXPECT_EQ(read_header(reader, bytes).state, State::body_ahead) << at;
  }
}

TEST(GzipHeader, IsRefusedForWhatItDoesNotKnow) {
  EXPECT_EQ(read_header(Format::gzip, 15, {0x1f, 0x8c}),
            (Outcome{State::bad, 2, "incorrect header check"}));
  EXPECT_EQ(read_header(Format::gzip, 15, {0x1f, 0x8b, 7, 0}),
            (Outcome{State::bad, 4, "unknown compression method"}));
  for (const std::uint8_t reserved : Bytes{0x20, 0x40, 0x80})
    EXPECT_EQ(read_header(Format::gzip, 15, {0x1f, 0x8b, 8, reserved}),
              (Outcome{State::bad, 4, "unknown header flags set"}));
}

// ----- which of the two -----

TEST(FrameFormat, IsFoundInTheHeader) {
  GzipHeader header;
  FrameReader reader;
  reader.start(Format::automatic, 15);
  EXPECT_EQ(read_header(reader, {0x78, 0x9c}, &header).state, State::body_ahead);
  EXPECT_EQ(header.done, -1) << "no gzip header will come";
  EXPECT_FALSE(reader.crc_body());
  EXPECT_EQ(reader.start_checksum(), 1u);
  reader.start(Format::automatic, 15);
  EXPECT_EQ(read_header(reader, gzip_head(0), &header).state, State::body_ahead);
  EXPECT_EQ(header.done, 1);
  EXPECT_TRUE(reader.crc_body());
  EXPECT_EQ(reader.start_checksum(), 0u);
}

TEST(FrameFormat, IsNoOtherThanAskedFor) {
  EXPECT_EQ(read_header(Format::zlib, 15, gzip_head(0)).message, "incorrect header check");
  EXPECT_EQ(read_header(Format::gzip, 15, {0x78, 0x9c}).message, "incorrect header check");
  FrameReader reader;
  reader.start(Format::raw, 15);
  EXPECT_EQ(reader.state(), State::body) << "a raw stream has no header";
  EXPECT_FALSE(reader.framed());
}

// ----- trailers -----

constexpr std::uint32_t kCheck = 0x01020304;

// Reads `trailer` in two pieces behind a header of `format`.
Outcome read_trailer(Format format, const Bytes& trailer, std::size_t cut, bool verify = true) {
  FrameReader reader;
  reader.start(format, 15);
  read_header(reader, format == Format::gzip ? gzip_head(0) : Bytes{0x78, 0x9c});
  reader.set_verify(verify);
  reader.enter_body();
  reader.enter_trailer(0, 0);
  InputCursor in{trailer.data(), static_cast<std::uint32_t>(cut)};
  reader.read_trailer(in, kCheck, 0x50);
  if (in.left == 0 && reader.in_trailer()) {
    in.left = static_cast<std::uint32_t>(trailer.size() - cut);
    reader.read_trailer(in, kCheck, 0x50);
  }
  return {reader.state(), static_cast<std::size_t>(in.next - trailer.data()),
          reader.message() == nullptr ? "" : reader.message()};
}

TEST(FrameTrailer, OfZlibIsTheAdlerInBigEndian) {
  for (std::size_t cut = 0; cut <= 4; ++cut) {
    EXPECT_EQ(read_trailer(Format::zlib, {1, 2, 3, 4, 99}, cut), (Outcome{State::done, 4, ""}));
    EXPECT_EQ(read_trailer(Format::zlib, {1, 2, 3, 5, 99}, cut),
              (Outcome{State::bad, 4, "incorrect data check"}));
    EXPECT_EQ(read_trailer(Format::zlib, {1, 2, 3, 5, 99}, cut, false),
              (Outcome{State::done, 4, ""}));
  }
}

TEST(FrameTrailer, OfGzipIsCrcAndLengthInLittleEndian) {
  for (std::size_t cut = 0; cut <= 8; ++cut) {
    EXPECT_EQ(read_trailer(Format::gzip, {4, 3, 2, 1, 0x50, 0, 0, 0, 99}, cut),
              (Outcome{State::done, 8, ""}));
    EXPECT_EQ(read_trailer(Format::gzip, {4, 3, 2, 2, 0x50, 0, 0, 0, 99}, cut),
              (Outcome{State::bad, 4, "incorrect data check"}));
    EXPECT_EQ(read_trailer(Format::gzip, {4, 3, 2, 1, 0x50, 0, 0, 1, 99}, cut),
              (Outcome{State::bad, 8, "incorrect length check"}));
    EXPECT_EQ(read_trailer(Format::gzip, {0, 0, 0, 0, 0, 0, 0, 0, 99}, cut, false),
              (Outcome{State::done, 8, ""}));
  }
}

TEST(FrameTrailer, BeginsWithWhatTheBodyHadReadAhead) {
  FrameReader reader;
  reader.start(Format::zlib, 15);
  read_header(reader, {0x78, 0x9c});
  reader.enter_body();
  reader.enter_trailer(0x0201, 16);
  const Bytes rest{3, 4};
  InputCursor in{rest.data(), 2};
  reader.read_trailer(in, kCheck, 0);
  EXPECT_EQ(reader.state(), State::done);
}

TEST(FrameTrailer, OfARawStreamIsNone) {
  FrameReader reader;
  reader.start(Format::raw, 15);
  reader.enter_trailer(0, 0);
  EXPECT_EQ(reader.state(), State::done);
  EXPECT_TRUE(reader.body_ended());
}

// ----- the search for a flush point -----

TEST(FrameSync, FindsThePatternAcrossAnyCut) {
  // Two zeros are enough, more do not hurt, a false start is left behind.
  const Bytes bytes{9, 0, 0, 0xff, 1, 0, 0, 0, 0xff, 0xff, 42};
  for (std::size_t cut = 0; cut <= 10; ++cut) {
    FrameReader reader;
    reader.start(Format::zlib, 15);
    reader.begin_sync(0, 0);
    InputCursor in{bytes.data(), static_cast<std::uint32_t>(cut)};
    bool found = reader.search_sync(in);
    if (!found) {
      EXPECT_EQ(in.left, 0u);
      in.left = static_cast<std::uint32_t>(bytes.size() - cut);
      found = reader.search_sync(in);
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(in.next - bytes.data(), 10) << "stops behind the pattern";
    reader.resume_after_sync();
    EXPECT_EQ(reader.state(), State::body);
    EXPECT_FALSE(reader.verifies()) << "part of the body was skipped";
  }
}

TEST(FrameSync, WantsTheWholePattern) {
  const Bytes bytes{0, 0, 0xff, 0, 0xff, 0xff, 0, 0, 0xff};
  FrameReader reader;
  reader.start(Format::gzip, 15);
  reader.begin_sync(0, 0);
  InputCursor in{bytes.data(), static_cast<std::uint32_t>(bytes.size())};
  EXPECT_FALSE(reader.search_sync(in));
  EXPECT_EQ(in.left, 0u);
}

// ----- bits put in front -----

TEST(FrameReader, TakesPrimedBitsForInput) {
  FrameReader reader;
  reader.start(Format::zlib, 15);
  EXPECT_TRUE(reader.prime(16, 0x9c78));
  InputCursor in{nullptr, 0};
  reader.read_header(in, nullptr);
  EXPECT_EQ(reader.state(), State::body_ahead);
}

TEST(FrameReader, HoldsAtMost32PrimedBits) {
  FrameReader reader;
  reader.start(Format::gzip, 15);
  EXPECT_FALSE(reader.prime(17, 0));
  EXPECT_TRUE(reader.prime(16, 0x12345));
  EXPECT_TRUE(reader.prime(15, 0));
  EXPECT_FALSE(reader.prime(2, 0));
  EXPECT_TRUE(reader.prime(1, 1));
  EXPECT_EQ(reader.held_bits(), 32u);
  EXPECT_EQ(reader.held(), 0x80002345u);
  EXPECT_TRUE(reader.prime(-1, 0)) << "a negative number drops them";
  EXPECT_EQ(reader.held_bits(), 0u);
}

TEST(FrameReader, StartsOverWithTheFormatAndWindowItHad) {
  FrameReader reader;
  reader.start(Format::gzip, 15);
  EXPECT_EQ(read_header(reader, {0x78, 0x9c}).state, State::bad);
  reader.reset();
  EXPECT_EQ(reader.message(), nullptr);
  EXPECT_EQ(read_header(reader, gzip_head(0)).state, State::body_ahead);
}

}  // namespace
