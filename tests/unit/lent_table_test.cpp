// Streams that decode with a larger table in memory lent to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "fixtures/guarded_buffer.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/raw_inflate.hpp"
#include "zlib_api.hpp"

namespace wd {
namespace {

using test::Bytes;
using test::Seeded;

// Each value half as frequent as the one before, so that codes get as long as they may, and copies.
Bytes skewed(std::size_t bytes) {
  Seeded seeded(7);
  Bytes made;
  while (made.size() < bytes) {
    const auto rank = static_cast<unsigned>(std::countr_zero(seeded.next() | 1u << 24));
    const auto value = static_cast<std::uint8_t>(8 * rank + seeded.below(8));
    if (made.size() > 300 && seeded.below(40) == 0) {
      const std::size_t back = 1 + seeded.below(std::min<std::size_t>(made.size(), 32768));
      for (std::size_t i = 3 + seeded.below(200); i != 0; --i)
        made.push_back(made[made.size() - back]);
    }
    made.push_back(value);
  }
  made.resize(bytes);
  return made;
}

Bytes raw_deflate(const Bytes& plain) {
  z_stream zlib{};
  EXPECT_EQ(ref_deflateInit2_(&zlib, 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                              sizeof(zlib)),
            Z_OK);
  Bytes packed(ref_deflateBound(&zlib, plain.size()));
  zlib.next_in = const_cast<std::uint8_t*>(plain.data());
  zlib.avail_in = static_cast<uInt>(plain.size());
  zlib.next_out = packed.data();
  zlib.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(ref_deflate(&zlib, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - zlib.avail_out);
  ref_deflateEnd(&zlib);
  return packed;
}

// One stream with the table lent and what it has decoded so far.
struct Reader {
  explicit Reader(const Bytes& packed) : in(packed) {}
  Reader(const Reader& other) : in(other.in), at(other.at), out(other.out) {
    EXPECT_EQ(raw.copy_from(other.raw, Allocator::standard()), StreamCode::ok);
  }
  Reader& operator=(const Reader&) = delete;
  ~Reader() { raw.close(); }

  void open_lent() {
    ASSERT_EQ(raw.open(15, Allocator::standard()), StreamCode::ok);
    raw.lend_table(table.data());
  }
  StreamCode step(std::size_t in_bytes, std::size_t room) {
    Bytes piece(room);
    const auto bytes = static_cast<std::uint32_t>(std::min(in_bytes, in.size() - at));
    const RawInflate::Step done =
        raw.run(in.data() + at, bytes, piece.data(), static_cast<std::uint32_t>(room), Flush::none);
    at += static_cast<std::size_t>(done.consumed);
    out.insert(out.end(), piece.begin(), piece.begin() + done.produced);
    return done.code;
  }
  void finish() {
    StreamCode code = StreamCode::ok;
    while (code == StreamCode::ok) code = step(5000, 3000);
    EXPECT_EQ(code, StreamCode::end);
  }

  const Bytes& in;
  std::size_t at = 0;
  Bytes out;
  // Right before a page that nobody may touch.
  test::GuardedBuffer table{RawInflate::kTableBytes};
  RawInflate raw;
};

TEST(LentTable, DecodesInPiecesOfEverySize) {
  const Bytes plain = skewed(200000);
  const Bytes packed = raw_deflate(plain);
  for (const std::size_t piece : {1u, 7u, 100u, 4096u, 1u << 20}) {
    Reader reader(packed);
    reader.open_lent();
    StreamCode code = StreamCode::ok;
    while (code == StreamCode::ok) code = reader.step(piece, 2 * piece);
    EXPECT_EQ(code, StreamCode::end) << piece;
    EXPECT_EQ(reader.out, plain) << piece;
  }
}

TEST(LentTable, IsNotTheCopysAmidABlock) {
  const Bytes plain = skewed(100000);
  const Bytes packed = raw_deflate(plain);
  Seeded seeded(3);
  for (int times = 0; times < 50; ++times) {
    Reader first(packed);
    first.open_lent();
    const std::size_t stop = 1 + seeded.below(packed.size() - 1);
    StreamCode code = StreamCode::ok;
    while (code == StreamCode::ok && first.at < stop) code = first.step(stop - first.at, 700);
    Reader second(first);
    // What one of them does to its tables is not the other's to see.
    first.finish();
    second.finish();
    EXPECT_EQ(first.out, plain) << stop;
    EXPECT_EQ(second.out, plain) << stop;
  }
}

}  // namespace
}  // namespace wd
