#include <gtest/gtest.h>

#include "engine/whole_codec.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Format;
using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::noise;

constexpr std::size_t kMaxStored = 65535;
constexpr std::size_t kSizes[] = {0, 1, 2, 100, 65534, 65535, 65536, 65537, 131070, 131071, 200000};

std::size_t stored_size(std::size_t bytes) {
  const std::size_t blocks = bytes == 0 ? 1 : (bytes + kMaxStored - 1) / kMaxStored;
  return bytes + 5 * blocks;
}

TEST(StoreWhole, MakesStoredBlocksOfTheRfc) {
  Bytes out(20);
  out.resize(wd::store_whole(wd::test::bytes_of("abc").data(), 3, out.data(), out.size()));
  EXPECT_EQ(out, (Bytes{0x01, 3, 0, 0xfc, 0xff, 'a', 'b', 'c'}));
}

TEST(StoreWhole, OfNothingIsOneEmptyBlock) {
  Bytes out(20);
  out.resize(wd::store_whole(nullptr, 0, out.data(), out.size()));
  EXPECT_EQ(out, (Bytes{0x01, 0, 0, 0xff, 0xff}));
}

TEST(StoreWhole, EndsWithItsLastBlockOnly) {
  const Bytes plain = noise(kMaxStored + 1, 8);
  Bytes out(plain.size() + 10);
  ASSERT_EQ(wd::store_whole(plain.data(), plain.size(), out.data(), out.size()), out.size());
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[kMaxStored + 5], 1);
}

TEST(StoreWhole, IsReadByZlibAtEverySize) {
  for (const std::size_t size : kSizes) {
    const Bytes plain = noise(size, 9);
    const GuardedBuffer in(plain);
    const GuardedBuffer out(stored_size(size));
    ASSERT_EQ(wd::store_whole(in.data(), size, out.data(), out.size()), out.size()) << size;
    EXPECT_EQ(wd::test::reference_decompress(Format::raw, out.span(), size), plain) << size;
  }
}

TEST(StoreWhole, RefusesTooLittleRoom) {
  for (const std::size_t size : kSizes) {
    const Bytes plain = noise(size, 10);
    const std::size_t needed = stored_size(size);
    for (const std::size_t room : {std::size_t{0}, std::size_t{4}, needed / 2, needed - 1}) {
      if (room >= needed) continue;
      const GuardedBuffer out(room);
      EXPECT_EQ(wd::store_whole(plain.data(), size, out.data(), room), 0u) << size << " " << room;
    }
  }
}

}  // namespace
