// Decoding in place, as kernels and games do: the message lies at the end of the buffer that its
// output fills from the beginning. Where that goes well with zlib, it goes well with us.
#include <algorithm>

#include "fixtures/reference_zlib.hpp"
#include "two_streams.hpp"

namespace wd::test {
namespace {

struct InPlace {
  int code;
  uLong produced;
  uLong consumed;
  Bytes buffer;
  bool operator==(const InPlace&) const = default;
};

// `piece` bytes of input at a time, and the whole buffer as room, or what `packed` leaves of it.
InPlace decode(const ZlibApi& zlib, const Bytes& packed, std::size_t buffer_bytes,
               std::size_t piece, bool room_is_all) {
  InPlace result{Z_OK, 0, 0, Bytes(buffer_bytes, 0x33)};
  const std::size_t begin = buffer_bytes - packed.size();
  std::copy(packed.begin(), packed.end(), result.buffer.begin() + static_cast<long>(begin));
  z_stream stream{};
  if (zlib.inflateInit2_(&stream, -15, ZLIB_VERSION, sizeof(stream)) != Z_OK) std::abort();
  stream.next_in = result.buffer.data() + begin;
  stream.next_out = result.buffer.data();
  std::size_t left = packed.size();
  stream.avail_out = static_cast<uInt>(room_is_all ? buffer_bytes : begin);
  while (result.code == Z_OK) {
    if (stream.avail_in == 0) {
      stream.avail_in = static_cast<uInt>(std::min(piece, left));
      left -= stream.avail_in;
    }
    // What has been read is room.
    if (!room_is_all) stream.avail_out = static_cast<uInt>(stream.next_in - stream.next_out);
    result.code = zlib.inflate(&stream, Z_NO_FLUSH);
  }
  result.produced = stream.total_out;
  result.consumed = stream.total_in;
  zlib.inflateEnd(&stream);
  return result;
}

std::vector<Bytes> all_plain() {
  return {text(30000), mixture(30000),     noise(5000),  Bytes(100000, 'x'),
          text(150),   mixture(120000, 3), text(2000, 5)};
}

constexpr std::size_t kWhole = std::size_t{1} << 20;

// zlib copies stored data with memcpy() though it overlaps, and the address sanitizer stops it.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kStoredToo = false;
#else
constexpr bool kStoredToo = true;
#endif

bool stores(const Bytes& plain, const Bytes& packed) {
  return packed.size() > plain.size() / 2;
}

class InflateInPlace : public EachWideLoop {
 protected:
  // From `spare` bytes above the least margin on that zlib gets along with.
  void expect_as_zlib(std::size_t piece, bool room_is_all, std::size_t spare) {
    for (const Bytes& plain : all_plain())
      for (const int level : {0, 1, 6, 9}) {
        const Bytes packed = reference_compress(Format::raw, plain, {.level = level});
        if (!kStoredToo && stores(plain, packed)) continue;
        std::size_t went_well = 0;
        const std::size_t least = std::max(plain.size(), packed.size());
        for (std::size_t margin = 0; margin < 400 && went_well < 24; ++margin) {
          const InPlace zlib = decode(kReference, packed, least + margin, piece, room_is_all);
          const bool well = zlib.code == Z_STREAM_END && zlib.produced == plain.size() &&
                            std::equal(plain.begin(), plain.end(), zlib.buffer.begin());
          if (!well) continue;
          if (went_well++ < spare) continue;
          const InPlace shim = decode(kShim, packed, least + margin, piece, room_is_all);
          ASSERT_EQ(shim.code, zlib.code) << "margin " << margin << ", level " << level << ", "
                                          << plain.size() << " bytes in pieces of " << piece;
          ASSERT_EQ(shim.produced, zlib.produced);
          ASSERT_EQ(shim.consumed, zlib.consumed);
          ASSERT_TRUE(shim.buffer == zlib.buffer)
              << "margin " << margin << ", level " << level << ", " << plain.size() << " bytes";
        }
        EXPECT_GT(went_well, spare) << "level " << level << ", " << plain.size() << " bytes";
      }
  }
};

TEST_P(InflateInPlace, WorksWithZlibsMargin) {
  expect_as_zlib(kWhole, true, 0);
}
TEST_P(InflateInPlace, WorksWhereTheRoomGrowsIntoWhatWasRead) {
  expect_as_zlib(kWhole, false, 0);
}

// zlib holds up to five bytes that it has read and not used; where a call ends and begins, we may
// read them again. A margin that lives by them cannot be known beforehand.
constexpr std::size_t kHeldBytes = 5;
TEST_P(InflateInPlace, WorksInPieces) {
  for (const std::size_t piece : {1, 7, 100, 1000}) expect_as_zlib(piece, true, kHeldBytes);
}
TEST_P(InflateInPlace, WorksInPiecesWhereTheRoomGrowsIntoWhatWasRead) {
  for (const std::size_t piece : {33, 1000}) expect_as_zlib(piece, false, kHeldBytes);
}

WD_TEST_EACH_WIDE_LOOP(InflateInPlace);

}  // namespace
}  // namespace wd::test
