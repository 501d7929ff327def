// Streams in pieces: both directions, by the rules that a driver has to follow.
#include <gtest/gtest.h>

#include <algorithm>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

Format format_of(std::uint32_t format) {
  return format == kZlib ? Format::zlib : format == kGzip ? Format::gzip : Format::raw;
}

Bytes body(std::uint32_t format, const Bytes& plain, int level = 6) {
  Bytes packed = reference_compress(format_of(format), plain, {.level = level});
  packed.erase(packed.begin(),
               packed.begin() + static_cast<std::ptrdiff_t>(header_of(format).size()));
  return packed;
}

// All of `plain`, `piece` bytes at a time.
Bytes compress_stream(TinyQueue& queue, Stream& stream, const Bytes& plain, std::size_t piece,
                      std::uint32_t type = kTypeV3) {
  Bytes packed = header_of(stream.format);
  for (std::size_t at = 0; at < plain.size(); at += piece) {
    const std::size_t bytes = std::min(piece, plain.size() - at);
    Bytes room(bytes + bytes / 8 + 201);
    const Words answer = queue.run(stream.piece(plain.data() + at, bytes, room.data(), room.size(),
                                                at + bytes == plain.size(), type));
    EXPECT_TRUE(status_of(answer) == 0 || status_of(answer) == 0x0d) << answer[3];
    EXPECT_EQ(answer[0], bytes);
    stream.take(answer);
    packed.insert(packed.end(), room.begin(), room.begin() + answer[1]);
  }
  return packed;
}

struct Pieces {
  std::size_t in;
  std::size_t out;
};

// By the driver's duties: calls again, without input, where the sheet says so. Nothing if the
// stream fails or stands still.
Bytes decompress_stream(TinyQueue& queue, Stream& stream, const Bytes& packed, Pieces pieces) {
  Bytes plain;
  std::size_t at = 0;
  for (int still = 0; still < 3;) {
    const std::size_t bytes = std::min(pieces.in, packed.size() - at);
    Bytes room(pieces.out);
    const Words answer =
        queue.run(stream.piece(packed.data() + at, bytes, room.data(), room.size(), false));
    const std::uint32_t status = status_of(answer);
    EXPECT_TRUE(status == 0 || status == kStreamEnd) << status;
    if (status != 0 && status != kStreamEnd) return {};
    stream.take(answer);
    at += answer[0];
    plain.insert(plain.end(), room.begin(), room.begin() + answer[1]);
    if (status == kStreamEnd) {
      EXPECT_TRUE(saw_last_block(answer));
      EXPECT_EQ(at, packed.size());
      return plain;
    }
    still = answer[0] == 0 && answer[1] == 0 ? still + 1 : 0;
  }
  ADD_FAILURE() << "no progress at " << at << " of " << packed.size();
  return {};
}

TEST(EmulatedStream, CompressesInPieces) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain = mixture(200'000);
  for (const std::uint32_t format : {kDeflate, kZlib, kGzip}) {
    for (const std::size_t piece : {1000U, 50'000U, 200'000U}) {
      Stream stream{format};
      const Bytes packed = compress_stream(queue, stream, plain, piece);
      EXPECT_EQ(reference_decompress(format_of(format), packed, plain.size()), plain);
      EXPECT_EQ(stream.word30, plain.size());
    }
  }
}

TEST(EmulatedStream, ReachesBackIntoEarlierPieces) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes once = noise(10'000);
  Bytes plain = once;
  plain.insert(plain.end(), once.begin(), once.end());
  Stream stream{kDeflate};
  EXPECT_LT(compress_stream(queue, stream, plain, 10'000).size(), 11'000U);
}

TEST(EmulatedStream, DecompressesInPieces) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 1);
  for (const std::uint32_t format : {kDeflate, kZlib, kGzip}) {
    for (const int level : {0, 1, 9}) {
      const Bytes plain = mixture(6'000, format);
      const Bytes packed = body(format, plain, level);
      for (const Pieces pieces : {Pieces{1, 4096}, Pieces{7, 300}, Pieces{1000, 201},
                                  Pieces{packed.size(), 1000}, Pieces{packed.size(), 12'000}}) {
        Stream stream{format};
        EXPECT_TRUE(decompress_stream(queue, stream, packed, pieces) == plain)
            << "format " << format << " level " << level << " in " << pieces.in << " out "
            << pieces.out;
        EXPECT_EQ(stream.word30, plain.size());
      }
    }
  }
}

}  // namespace
}  // namespace wd::test
