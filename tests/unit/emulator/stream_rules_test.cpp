// What the sheet asks of a driver of streams: that it happens here, so that a driver that does not
// do its part is found out.
#include <gtest/gtest.h>

#include <cstring>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

constexpr unsigned kLastBlockNoRoom = 1;
constexpr unsigned kNoRoom = 2;
constexpr unsigned kBlockNotStarted = 3;
constexpr unsigned kTrailerMissing = 4;

Bytes raw(const Bytes& plain, const ReferenceOptions& options = {}) {
  return reference_compress(Format::raw, plain, options);
}

class EmulatedStreamRule : public testing::Test {
 protected:
  Words decompress(Stream& stream, const Bytes& in, Bytes& out) {
    const Words answer =
        decompressor_.run(stream.piece(in.data(), in.size(), out.data(), out.size(), false));
    stream.take(answer);
    return answer;
  }
  Words compress(Stream& stream, const Bytes& in, Bytes& out, bool finish) {
    const Words answer =
        compressor_.run(stream.piece(in.data(), in.size(), out.data(), out.size(), finish));
    stream.take(answer);
    return answer;
  }

  const Emulated emulated_{"hisi_zip:reset_time=0"};
  TinyQueue compressor_{emulated_, 0};
  TinyQueue decompressor_{emulated_, 1};
  Bytes room_ = Bytes(4096);
};

TEST_F(EmulatedStreamRule, RoomIsMoreThan200Bytes) {
  Bytes least(200);
  Stream packing{kZlib};
  EXPECT_EQ(status_of(compress(packing, text(10), least, false)), 0x0e);
  Stream unpacking{kDeflate};
  EXPECT_EQ(status_of(decompress(unpacking, raw(text(10)), least)), 0x0e);
  Bytes enough(201);
  Stream again{kZlib};
  EXPECT_EQ(status_of(compress(again, text(10), enough, false)) & ~0x0dU, 0U);
}

TEST_F(EmulatedStreamRule, RoomForCompressionIsNineEighths) {
  Bytes room(1124);
  Stream stream{kDeflate};
  EXPECT_EQ(status_of(compress(stream, text(1000), room, false)), 0x0e);
  room.resize(1125);
  Stream again{kDeflate};
  EXPECT_EQ(status_of(compress(again, text(1000), room, false)), 0U);
}

TEST_F(EmulatedStreamRule, AnEmptyEndIsNotTheHardwares) {
  Stream stream{kZlib};
  EXPECT_GT(status_of(compress(stream, {}, room_, true)), 0x13U);
  Stream flushing{kZlib};
  const Words answer = compress(flushing, {}, room_, false);
  EXPECT_EQ(answer[1], 5U);
  EXPECT_EQ(Bytes(room_.begin(), room_.begin() + 5), (Bytes{0, 0, 0, 0xff, 0xff}));
}

// By hand, as a driver has to: an empty block, and the checksum from the last word.
TEST_F(EmulatedStreamRule, SoftwareEndsAStreamFromItsLastWord) {
  const Bytes plain = text(2000);
  for (const std::uint32_t format : {kZlib, kGzip}) {
    Stream stream{format};
    const Words answer = compress(stream, plain, room_, false);
    Bytes packed = header_of(format);
    packed.insert(packed.end(), room_.begin(), room_.begin() + answer[1]);
    const Bytes empty_block{1, 0, 0, 0xff, 0xff};
    packed.insert(packed.end(), empty_block.begin(), empty_block.end());
    std::uint32_t sum = stream.word31;
    if (format == kZlib) {
      for (int shift = 24; shift >= 0; shift -= 8)
        packed.push_back(static_cast<std::uint8_t>(sum >> shift));
    } else {
      std::uint32_t reversed = 0;
      for (int bit = 0; bit < 32; ++bit) reversed |= ((~sum >> bit) & 1) << (31 - bit);
      for (const std::uint32_t word : {reversed, stream.word30})
        for (int shift = 0; shift < 32; shift += 8)
          packed.push_back(static_cast<std::uint8_t>(word >> shift));
    }
    EXPECT_EQ(reference_decompress(format == kZlib ? Format::zlib : Format::gzip, packed, 2000),
              plain);
  }
}

TEST_F(EmulatedStreamRule, WordsLeftFromAnotherStreamDoNotMatterInANewOne) {
  Stream stream{kGzip};
  stream.word15 = 0x123;
  stream.word28 = stream.word29 = stream.word30 = stream.word31 = 0xdeadbeef;
  const Bytes plain = text(3000);
  const Words answer = compress(stream, plain, room_, true);
  Bytes packed = header_of(kGzip);
  packed.insert(packed.end(), room_.begin(), room_.begin() + answer[1]);
  EXPECT_EQ(reference_decompress(Format::gzip, packed, 3000), plain);
  EXPECT_TRUE(stream.last_block_begun());
}

TEST_F(EmulatedStreamRule, FlushAndNewMeanNothingInAWholeMessage) {
  const Bytes plain = text(3000);
  Words request = whole(kDeflate, plain, room_);
  request[7] |= kNewStream | kFinish;
  request[15] = request[28] = request[29] = request[30] = request[31] = 77;
  const Words answer = compressor_.run(request);
  Bytes packed(room_.begin(), room_.begin() + answer[1]);
  EXPECT_EQ(reference_decompress(Format::raw, packed, 3000), plain);
}

TEST_F(EmulatedStreamRule, NoRoomInTheLastBlockAsksForAnotherCall) {
  const Bytes plain = text(1000);
  Stream stream{kDeflate};
  Bytes room(300);
  const Words answer = decompress(stream, raw(plain), room);
  EXPECT_EQ(answer[3], 0U);
  EXPECT_EQ(answer[1], 300U);
  EXPECT_EQ(stream.state(), kLastBlockNoRoom);
  EXPECT_TRUE(stream.last_block_begun());
}

TEST_F(EmulatedStreamRule, RestOfAStoredBlockWaitsInTheContext) {
  const Bytes plain = noise(305);
  Stream stream{kDeflate};
  Bytes room(300);
  Words answer = decompress(stream, raw(plain, {.level = 0}), room);
  EXPECT_EQ(answer[0], 310U);  // all of it
  EXPECT_EQ(answer[1], 300U);
  EXPECT_EQ(stream.state(), kNoRoom);
  EXPECT_TRUE(stream.last_block_begun());
  EXPECT_NE(stream.word28 & 0x7ffff, 0U);
  answer = decompress(stream, {}, room);
  EXPECT_EQ(status_of(answer), kStreamEnd);
  EXPECT_EQ(Bytes(room.begin(), room.begin() + answer[1]), Bytes(plain.begin() + 300, plain.end()));
}

TEST_F(EmulatedStreamRule, AShortBlockWaitsInTheContext) {
  Stream stream{kDeflate};
  const Words answer = decompress(stream, {0x03, 0x00}, room_);  // an empty last block
  EXPECT_EQ(answer[0], 2U);
  EXPECT_EQ(answer[3], 0U);
  EXPECT_EQ(stream.state(), kBlockNotStarted);
  EXPECT_EQ(stream.cached_bits(), 16U);
  const std::size_t behind_window = 64 + 0xc00 + ((stream.word29 & 0xffff) + 15) / 16 * 16;
  EXPECT_EQ(stream.context[behind_window], 0x03);
  EXPECT_EQ(stream.context[behind_window + 1], 0x00);
  const Words end = decompress(stream, {}, room_);
  EXPECT_EQ(status_of(end), kStreamEnd);
  EXPECT_TRUE(saw_last_block(end));
}

// What a flush leaves, and the end: the first of the blocks that wait is not the last one.
TEST_F(EmulatedStreamRule, AFinalBlockMayWaitBehindAnother) {
  Stream stream{kDeflate};
  Words answer = decompress(stream, {0, 0, 0, 0xff, 0xff, 0x03, 0x00}, room_);
  EXPECT_EQ(answer[0], 7U);
  EXPECT_EQ(answer[3], 0U);
  EXPECT_EQ(stream.state(), kBlockNotStarted);
  EXPECT_EQ(stream.cached_bits(), 56U);
  answer = decompress(stream, {}, room_);
  EXPECT_EQ(status_of(answer), kStreamEnd);
}

TEST_F(EmulatedStreamRule, AShortBlockBeforeOtherBytesIsDoneAtOnce) {
  Stream stream{kDeflate};
  const Words answer = decompress(stream, {0x03, 0x00, 0x77}, room_);
  EXPECT_EQ(answer[0], 2U);
  EXPECT_EQ(status_of(answer), kStreamEnd);
}

TEST_F(EmulatedStreamRule, TheTrailerMayComeLater) {
  const Bytes plain = text(500);
  Bytes packed = reference_compress(Format::gzip, plain);
  packed.erase(packed.begin(), packed.begin() + 10);
  Stream stream{kGzip};
  Words answer = decompress(stream, Bytes(packed.begin(), packed.end() - 3), room_);
  EXPECT_EQ(answer[3], kLastBlock);
  EXPECT_EQ(stream.state(), kTrailerMissing);
  answer = decompress(stream, Bytes(packed.end() - 3, packed.end()), room_);
  EXPECT_EQ(status_of(answer), kStreamEnd);
  EXPECT_EQ(answer[0], 3U);
}

TEST_F(EmulatedStreamRule, AWrongTrailerIsTold) {
  const Bytes plain = text(500);
  Bytes packed = reference_compress(Format::zlib, plain);
  packed.erase(packed.begin(), packed.begin() + 2);
  packed.back() = static_cast<std::uint8_t>(packed.back() ^ 1);
  Stream stream{kZlib};
  EXPECT_EQ(status_of(decompress(stream, packed, room_)), 0x10U);
}

TEST_F(EmulatedStreamRule, ACopiedContextGoesOnInBothPlaces) {
  const Bytes plain = mixture(4000);
  const Bytes packed = raw(plain);
  const auto half = static_cast<std::ptrdiff_t>(packed.size() / 2);
  Stream stream{kDeflate};
  const Words first = decompress(stream, Bytes(packed.begin(), packed.begin() + half), room_);
  Stream copy = stream;
  for (Stream* each : {&stream, &copy}) {
    Bytes rest(4096);
    const Words answer = decompress(*each, Bytes(packed.begin() + first[0], packed.end()), rest);
    EXPECT_EQ(status_of(answer), kStreamEnd);
    EXPECT_EQ(Bytes(rest.begin(), rest.begin() + answer[1]),
              Bytes(plain.begin() + first[1], plain.end()));
  }
}

TEST_F(EmulatedStreamRule, AZeroedContextIsANewStream) {
  const Bytes plain = text(2000);
  Stream stream{kDeflate};
  compress(stream, plain, room_, false);
  stream = Stream{kDeflate};
  stream.is_new = false;
  const Words answer = compress(stream, plain, room_, true);
  EXPECT_EQ(
      reference_decompress(Format::raw, Bytes(room_.begin(), room_.begin() + answer[1]), 2000),
      plain);
}

TEST_F(EmulatedStreamRule, WordsThatWereNotCarriedAreNoticed) {
  Stream stream{kZlib};
  compress(stream, text(1000), room_, false);
  stream.word29 = 0;
  EXPECT_GT(status_of(compress(stream, text(1000), room_, true)), 0x13U);
}

TEST_F(EmulatedStreamRule, AContextIsOfOneDirectionAndFormat) {
  Stream stream{kZlib};
  compress(stream, text(1000), room_, false);
  Stream other = stream;
  other.format = kDeflate;
  EXPECT_GT(status_of(compress(other, text(1000), room_, true)), 0x13U);
  EXPECT_GT(status_of(decompress(stream, text(1000), room_)), 0x13U);
}

TEST_F(EmulatedStreamRule, ARuinedContextIsNoCrash) {
  const Bytes packed = raw(mixture(4000));
  Seeded seeded(3);
  for (int round = 0; round < 300; ++round) {
    Stream stream{kDeflate};
    decompress(stream, Bytes(packed.begin(), packed.begin() + 1000), room_);
    // Behind the header's first words, which would only make it a new one.
    for (int each = 0; each < 4; ++each)
      stream.context[64 + 24 + seeded.below(440)] = seeded.byte();
    Bytes rest(4096);
    decompress(stream, Bytes(packed.begin() + 1000, packed.end()), rest);
  }
  EXPECT_EQ(emulated_.count("resets"), 0);
}

TEST_F(EmulatedStreamRule, AFailedPieceLeavesTheStreamWhereItWas) {
  const Bytes plain = text(1500);
  Stream stream{kDeflate};
  Bytes packed;
  Words answer = compress(stream, plain, room_, false);
  packed.assign(room_.begin(), room_.begin() + answer[1]);
  Bytes short_room(300);
  EXPECT_EQ(status_of(compress(stream, plain, short_room, true)), 0x0eU);
  answer = compress(stream, plain, room_, true);
  packed.insert(packed.end(), room_.begin(), room_.begin() + answer[1]);
  Bytes twice = plain;
  twice.insert(twice.end(), plain.begin(), plain.end());
  EXPECT_EQ(reference_decompress(Format::raw, packed, twice.size()), twice);
}

TEST_F(EmulatedStreamRule, AContextThatIsNotThereTakesTheDeviceDown) {
  Stream stream{kDeflate};
  const Bytes plain = text(100);
  Words words = stream.piece(plain.data(), plain.size(), room_.data(), room_.size(), true);
  words[22] = 64;
  words[23] = 0;
  compressor_.submit(words);
  EXPECT_TRUE(compressor_.waits_for_stop());
}

}  // namespace
}  // namespace wd::test
