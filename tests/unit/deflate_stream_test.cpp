#include "wd/deflate_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/context.hpp"

namespace {

using wd::Context;
using wd::DeflateArena;
using wd::DeflateParameters;
using wd::DeflateStream;
using wd::Flush;
using wd::Format;
using wd::GzipHeader;
using wd::StreamCode;
using wd::test::Bytes;
using wd::test::mixture;
using wd::test::reference_decompress;
using wd::test::text;

class DeflateStreamTest : public testing::Test {
 protected:
  struct Close {
    void operator()(DeflateStream* stream) const {
      stream->close();
      stream->arena().release();
      delete stream;
    }
  };
  using Owned = std::unique_ptr<DeflateStream, Close>;

  Owned open(Format format, bool confined = false) const {
    DeflateArena arena;
    EXPECT_EQ(arena.reserve(wd::Allocator::standard(), 15, 8), StreamCode::ok);
    return Owned(new DeflateStream(context_, format, DeflateParameters{}, arena, confined));
  }
  // Runs with `room` bytes at a time until the step is complete; what came.
  static Bytes run(DeflateStream& stream, std::span<const std::uint8_t> in, Flush flush,
                   std::size_t room = 100000, const GzipHeader* header = nullptr) {
    Bytes packed;
    const wd::test::GuardedBuffer out(room);
    for (int calls = 0; calls < 1000000; ++calls) {
      const DeflateStream::Step step =
          stream.run(in.data(), static_cast<std::uint32_t>(in.size()), out.data(),
                     static_cast<std::uint32_t>(room), flush, header);
      packed.insert(packed.end(), out.data(), out.data() + step.produced);
      in = in.subspan(step.consumed);
      if (step.code != StreamCode::ok || step.produced < room) break;
    }
    return packed;
  }

  Context context_{wd::Config{}};
};

TEST_F(DeflateStreamTest, ForgetsItsDictionaryWhenReset) {
  const Bytes dictionary = text(500);
  const Bytes plain = text(500);
  for (const Format format : {Format::raw, Format::zlib}) {
    const Owned stream = open(format);
    ASSERT_EQ(stream->set_dictionary(dictionary.data(), 500), StreamCode::ok);
    EXPECT_EQ(reference_decompress(format, run(*stream, plain, Flush::finish), 500, dictionary),
              plain);
    stream->reset();
    EXPECT_EQ(reference_decompress(format, run(*stream, plain, Flush::finish), 500), plain);
  }
}

TEST_F(DeflateStreamTest, ForgetsOutputThatWaitedWhenReset) {
  const Bytes plain = mixture(20000);
  for (const std::size_t room : {std::size_t{1}, std::size_t{5}, std::size_t{100}}) {
    const Owned stream = open(Format::zlib);
    Bytes out(room);
    stream->run(plain.data(), 20000, out.data(), static_cast<std::uint32_t>(room), Flush::finish,
                nullptr);
    stream->reset();
    EXPECT_EQ(reference_decompress(Format::zlib, run(*stream, plain, Flush::finish), 20000), plain);
  }
}

// A message that was compressed at once, and did not fit, waits in the stream; so does all that
// zlib would hold back.
TEST_F(DeflateStreamTest, KeepsWhatTheCallerHadNoRoomFor) {
  const Bytes plain = mixture(20000);
  for (const Format format : {Format::raw, Format::zlib, Format::gzip})
    for (const std::size_t room : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
      const Owned stream = open(format);
      const Bytes packed = run(*stream, plain, Flush::finish, room);
      EXPECT_EQ(reference_decompress(format, packed, 20000), plain) << room;
    }
}

TEST_F(DeflateStreamTest, CountsWhatWaits) {
  const Bytes plain = mixture(20000);
  const Owned stream = open(Format::zlib);
  Bytes out(100);
  stream->run(plain.data(), 20000, out.data(), 100, Flush::finish, nullptr);
  unsigned waiting = 0;
  int bits = -1;
  stream->pending(&waiting, &bits);
  EXPECT_EQ(waiting, run(*stream, {}, Flush::finish).size());
  EXPECT_EQ(bits, 0);
}

TEST_F(DeflateStreamTest, IsCopiedWhereverItStands) {
  const Bytes plain = mixture(20000);
  const std::span<const std::uint8_t> all = plain;
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{10000}}) {
    const Owned stream = open(Format::gzip);
    const Bytes start = run(*stream, all.first(first), first == 0 ? Flush::none : Flush::sync);
    const Owned copy = open(Format::gzip);
    ASSERT_EQ(copy->copy_from(*stream), StreamCode::ok);
    for (DeflateStream* const one : {stream.get(), copy.get()}) {
      Bytes packed = start;
      const Bytes rest = run(*one, all.subspan(first), Flush::finish);
      packed.insert(packed.end(), rest.begin(), rest.end());
      EXPECT_EQ(reference_decompress(Format::gzip, packed, 20000), plain);
    }
  }
}

TEST_F(DeflateStreamTest, IsCopiedWithOutputThatWaits) {
  const Bytes plain = mixture(20000);
  const Owned stream = open(Format::zlib);
  Bytes start(100);
  stream->run(plain.data(), 20000, start.data(), 100, Flush::finish, nullptr);
  const Owned copy = open(Format::zlib);
  ASSERT_EQ(copy->copy_from(*stream), StreamCode::ok);
  for (DeflateStream* const one : {stream.get(), copy.get()}) {
    Bytes packed = start;
    const Bytes rest = run(*one, {}, Flush::finish);
    packed.insert(packed.end(), rest.begin(), rest.end());
    EXPECT_EQ(reference_decompress(Format::zlib, packed, 20000), plain);
  }
}

TEST_F(DeflateStreamTest, WritesAGzipHeaderIntoAnyRoom) {
  Bytes extra = text(300);
  Bytes name = wd::test::bytes_of("name\0");
  Bytes comment = wd::test::bytes_of("why not\0");
  GzipHeader header;
  header.time = 0x12345678;
  header.extra = extra.data();
  header.extra_len = 300;
  header.name = name.data();
  header.comment = comment.data();
  header.hcrc = 1;
  const Bytes plain = text(100);
  Bytes expected;
  for (const std::size_t room : {std::size_t{100000}, std::size_t{1}, std::size_t{11}}) {
    const Owned stream = open(Format::gzip);
    const Bytes packed = run(*stream, plain, Flush::finish, room, &header);
    EXPECT_EQ(reference_decompress(Format::gzip, packed, 100), plain) << "its CRC is right";
    EXPECT_EQ(packed[3], 2 | 4 | 8 | 16);
    EXPECT_TRUE(std::equal(extra.begin(), extra.end(), packed.begin() + 12));
    if (expected.empty()) expected = packed;
    EXPECT_EQ(packed, expected);
  }
}

// In the caller's memory there is no place for the streaming engine beside the stream itself.
TEST_F(DeflateStreamTest, DoesNothingButWholeMessagesWhenConfined) {
  const Bytes plain = mixture(20000);
  const Owned stream = open(Format::zlib, true);
  Bytes out(30000);
  const DeflateStream::Step step =
      stream->run(plain.data(), 20000, out.data(), 30000, Flush::none, nullptr);
  EXPECT_EQ(step.code, StreamCode::no_memory);
  EXPECT_EQ(step.consumed, 0u);
  EXPECT_EQ(step.produced, 0u);
  EXPECT_TRUE(stream->untouched());
  EXPECT_EQ(reference_decompress(Format::zlib, run(*stream, plain, Flush::finish), 20000), plain);
}

TEST_F(DeflateStreamTest, RefusesInputBehindTheEnd) {
  const Bytes plain = text(1000);
  const Owned stream = open(Format::zlib);
  run(*stream, plain, Flush::finish);
  Bytes out(10);
  const auto code = [&](std::uint32_t bytes, Flush flush) {
    return stream->run(plain.data(), bytes, out.data(), 10, flush, nullptr).code;
  };
  EXPECT_EQ(code(0, Flush::finish), StreamCode::end);
  EXPECT_EQ(code(1, Flush::finish), StreamCode::buffer_error);
  EXPECT_EQ(code(0, Flush::none), StreamCode::stream_error);
}

}  // namespace
