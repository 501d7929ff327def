// Whole messages through the ZIP engine's compression, judged by plain zlib.
#include <gtest/gtest.h>

#include "fixtures/reference_zlib.hpp"
#include "zip_words.hpp"

namespace wd::test {
namespace {

Format format_of(std::uint32_t format) {
  return format == kZlib ? Format::zlib : format == kGzip ? Format::gzip : Format::raw;
}

// The engine's output behind the header that is the software's.
Bytes with_header(std::uint32_t format, const Bytes& out, std::uint32_t produced) {
  Bytes packed = header_of(format);
  packed.insert(packed.end(), out.begin(), out.begin() + produced);
  return packed;
}

TEST(EmulatedCompression, MakesWhatZlibReads) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  for (const std::uint32_t format : {kDeflate, kZlib, kGzip}) {
    for (const std::size_t bytes : {1U, 100U, 70'000U, 1'000'000U}) {
      const Bytes plain = mixture(bytes, bytes);
      Bytes out(bytes + bytes / 8 + 300);
      const Words answer = queue.run(whole(format, plain, out));
      EXPECT_TRUE(status_of(answer) == 0 || status_of(answer) == 0x0d);
      EXPECT_EQ(answer[0], bytes);
      EXPECT_EQ(reference_decompress(format_of(format), with_header(format, out, answer[1]), bytes),
                plain);
    }
  }
}

TEST(EmulatedCompression, OfVersionTwoTakesItsOwnDialect) {
  const Emulated emulated("hisi_zip:api=v2");
  TinyQueue queue(emulated, 0, {.register_bytes = 8192});
  const Bytes plain = text(5000);
  Bytes out(6000);
  Words request = whole(kZlib, plain, out, 0);
  request[13] = 0x12345;  // the tag's place in this dialect
  const Words answer = queue.run(request);
  EXPECT_EQ(status_of(answer), 0);
  EXPECT_EQ(answer[13], 0x12345);
  EXPECT_EQ(reference_decompress(Format::zlib, with_header(kZlib, out, answer[1]), 5000), plain);
  EXPECT_GT(status_of(queue.run(whole(kZlib, plain, out, kTypeV3))), 0x13U);
  EXPECT_GT(status_of(queue.run(whole(kDeflate, plain, out, 0))), 0x13U);
}

TEST(EmulatedCompression, SaysWhenTheResultGrew) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain = noise(10'000);
  Bytes out(12'000);
  const Words answer = queue.run(whole(kGzip, plain, out));
  EXPECT_EQ(status_of(answer), 0x0d);
  EXPECT_EQ(reference_decompress(Format::gzip, with_header(kGzip, out, answer[1]), 10'000), plain);
}

TEST(EmulatedCompression, SaysWhenThereIsNoRoom) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain = noise(10'000);
  Bytes out(9'000);
  const Words answer = queue.run(whole(kZlib, plain, out));
  EXPECT_EQ(status_of(answer), 0x0e);
  EXPECT_EQ(out, Bytes(9'000));
}

TEST(EmulatedCompression, KeepsWithinTheWindow) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  // The same again behind more than 4 KiB, but less than 32.
  Bytes plain = noise(8192);
  plain.insert(plain.end(), plain.begin(), plain.begin() + 8192);
  Bytes out(20'000);
  Words request = whole(kDeflate, plain, out);
  request[9] = kDeflate | 0U << 12;
  EXPECT_GT(queue.run(request)[1], 16'000U);
  request[9] = kDeflate | 4U << 12;
  EXPECT_LT(queue.run(request)[1], 9'000U);
}

TEST(EmulatedCompression, RefusesBitsThatMeanNothing) {
  const Emulated emulated("hisi_zip");
  TinyQueue queue(emulated, 0);
  const Bytes plain = text(100);
  Bytes out(300);
  const Words sound = whole(kZlib, plain, out);
  const std::pair<std::size_t, std::uint32_t> wrong[] = {
      {0, 1},        {3, 1},       {5, 1},        {7, 1U << 24}, {8, 1U << 24},
      {9, 1U << 16}, {9, 2U << 8}, {9, 5U << 12}, {10, 1},       {13, 1},
      {16, 1},       {24, 1},      {4, 0x800001}, {7, 1},        {8, 1}};
  for (const auto& [word, value] : wrong) {
    Words request = sound;
    request[word] = (word == 9 || word == 4) ? (sound[word] & 0xff) | value : sound[word] | value;
    EXPECT_GT(status_of(queue.run(request)), 0x13U) << "word " << word << " value " << value;
  }
  EXPECT_EQ(status_of(queue.run(sound)), 0U);
}

}  // namespace
}  // namespace wd::test
