// Whole messages through the ZIP engine's decompression, made by plain zlib.
#include <gtest/gtest.h>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

Format format_of(std::uint32_t format) {
  return format == kZlib ? Format::zlib : format == kGzip ? Format::gzip : Format::raw;
}

// What zlib makes of it, without the header.
Bytes body(std::uint32_t format, const Bytes& plain, const ReferenceOptions& options = {}) {
  Bytes packed = reference_compress(format_of(format), plain, options);
  packed.erase(packed.begin(),
               packed.begin() + static_cast<std::ptrdiff_t>(header_of(format).size()));
  return packed;
}

TEST(EmulatedDecompression, ReadsWhatZlibMakes) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 1);
  for (const std::uint32_t format : {kDeflate, kZlib, kGzip}) {
    for (const int level : {0, 1, 6, 9}) {
      const Bytes plain = mixture(300'000, static_cast<std::uint64_t>(level));
      Bytes packed = body(format, plain, {.level = level});
      const std::size_t bytes = packed.size();
      packed.resize(bytes + 100, 0xaa);  // not the message's
      Bytes out(plain.size() + 10);
      const Words answer = queue.run(whole(format, packed, out));
      EXPECT_EQ(answer[3], kLastBlock);
      EXPECT_EQ(answer[0], bytes);
      EXPECT_EQ(answer[1], plain.size());
      out.resize(plain.size());
      EXPECT_EQ(out, plain);
    }
  }
}

TEST(EmulatedDecompression, ReadsFixedCodes) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 1);
  const Bytes plain = text(9000);
  const Bytes packed = body(kZlib, plain, {.strategy = 4 /* Z_FIXED */});
  Bytes out(9000);
  EXPECT_EQ(status_of(queue.run(whole(kZlib, packed, out))), 0);
  EXPECT_EQ(out, plain);
}

TEST(EmulatedDecompression, TellsDamageApart) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 1);
  const Bytes plain = text(5000);
  for (const std::uint32_t format : {kZlib, kGzip}) {
    const Bytes packed = body(format, plain);
    Bytes out(5000);
    const Bytes wrong_sum = with_flipped_bits(packed, packed.size() - 5 * (format - 1) + 3, 1);
    EXPECT_EQ(status_of(queue.run(whole(format, wrong_sum, out))), 0x10);
    Bytes short_room(4000);
    EXPECT_EQ(status_of(queue.run(whole(format, packed, short_room))), 0x0e);
    const Bytes cut(packed.begin(), packed.end() - 1);
    EXPECT_GT(status_of(queue.run(whole(format, cut, out))), 0x13);
    const Bytes wrong_block = with_flipped_bits(packed, 0, 6);
    EXPECT_GT(status_of(queue.run(whole(format, wrong_block, out))), 0xd);
  }
}

}  // namespace
}  // namespace wd::test
