#include "wd/one_shot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "base/thread_scratch.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Context;
using wd::Errc;
using wd::Format;
using wd::test::Bytes;
using wd::test::GuardedBuffer;
using wd::test::mixture;
using wd::test::noise;
using wd::test::reference_compress;
using wd::test::reference_decompress;
using wd::test::span_of;
using wd::test::text;

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};
constexpr std::size_t kSizes[] = {0,     1,     2,     3,     10,    100,    1000,
                                  1023,  1024,  1025,  4096,  16384, 32767,  32768,
                                  32769, 65535, 65536, 65537, 70000, 131072, 300000};

std::span<std::byte> room(const GuardedBuffer& buffer) {
  return std::as_writable_bytes(buffer.span());
}
std::span<const std::byte> contents(const GuardedBuffer& buffer) {
  return std::as_bytes(buffer.span());
}

class OneShot : public testing::Test {
 protected:
  // What compress() made in a room that ends at a page that cannot be written; nothing if it
  // failed.
  Bytes compressed(Format format, int level, const Bytes& plain, std::size_t room_bytes) const {
    const GuardedBuffer in(plain);
    const GuardedBuffer out(room_bytes);
    const auto done = wd::compress(context_, format, level, contents(in), room(out));
    if (!done) {
      EXPECT_EQ(done.error().code, Errc::output_full);
      return {};
    }
    return Bytes(out.data(), out.data() + *done);
  }
  Bytes compressed(Format format, int level, const Bytes& plain) const {
    return compressed(format, level, plain, wd::compress_bound(format, plain.size()));
  }

  Errc error_of_decompress(Format format, const Bytes& packed, std::size_t room_bytes) const {
    const GuardedBuffer in(packed);
    const GuardedBuffer out(room_bytes);
    const auto done = wd::decompress(context_, format, contents(in), room(out));
    return done ? Errc{} : done.error().code;
  }

  Context context_{wd::Config{}};
};

TEST_F(OneShot, CompressesToWhatZlibReadsAtAllLevelsAndSizes) {
  for (const Format format : kFormats)
    for (int level = 0; level <= 9; ++level)
      for (const std::size_t size : kSizes) {
        const Bytes plain = mixture(size, size + 1);
        const Bytes packed = compressed(format, level, plain);
        ASSERT_EQ(reference_decompress(format, packed, size), plain)
            << "format " << static_cast<int>(format) << ", level " << level << ", " << size;
      }
}

TEST_F(OneShot, KeepsWithinItsBoundOnNoise) {
  std::vector<std::size_t> sizes(std::begin(kSizes), std::end(kSizes));
  for (std::size_t size = 0; size < 300; ++size) sizes.push_back(size);
  for (const Format format : kFormats)
    for (int level = 0; level <= 9; ++level)
      for (const std::size_t size : sizes) {
        const Bytes plain = noise(size, size + 1);
        ASSERT_EQ(reference_decompress(format, compressed(format, level, plain), size), plain)
            << "format " << static_cast<int>(format) << ", level " << level << ", " << size;
      }
}

TEST_F(OneShot, HasZlibsBound) {
  for (const std::size_t size : kSizes) {
    EXPECT_EQ(wd::compress_bound(Format::zlib, size), ref_compressBound(size));
    EXPECT_EQ(wd::compress_bound(Format::raw, size), ref_compressBound(size) - 6);
    EXPECT_EQ(wd::compress_bound(Format::gzip, size), ref_compressBound(size) + 12);
  }
}

TEST_F(OneShot, RefusesRoomThatIsTooSmallAndWritesNothingBehindIt) {
  const Bytes plain = mixture(5000, 3);
  for (const Format format : kFormats)
    for (const int level : {0, 1, 6, 9}) {
      const std::size_t needed = compressed(format, level, plain).size();
      for (const std::size_t room_bytes :
           {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{17}, std::size_t{18},
            std::size_t{19}, needed / 2})
        EXPECT_TRUE(compressed(format, level, plain, room_bytes).empty());
      // Between the engines' sizes it depends; what comes out must be right.
      for (std::size_t room_bytes = needed - 10; room_bytes < needed + 10; ++room_bytes) {
        const Bytes packed = compressed(format, level, plain, room_bytes);
        if (!packed.empty()) {
          EXPECT_EQ(reference_decompress(format, packed, plain.size()), plain);
        }
      }
    }
}

TEST_F(OneShot, FitsWherePlainZlibsOutputFits) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{30}, std::size_t{400}})
    for (const Bytes& plain : {noise(size, 3), text(size, 3)}) {
      const std::size_t needed = reference_compress(Format::zlib, plain).size();
      EXPECT_FALSE(compressed(Format::zlib, 6, plain, needed).empty()) << size;
    }
}

TEST_F(OneShot, CompressNamesWhatItCannotDo) {
  Bytes out(100);
  const Bytes plain = text(10);
  const auto error = [&](Format format, int level) {
    const auto done = wd::compress(context_, format, level, span_of(plain), wd::test::room_of(out));
    return done ? wd::Error{} : done.error();
  };
  EXPECT_EQ(error(Format::zlib, 10).code, Errc::invalid_argument);
  EXPECT_STREQ(error(Format::zlib, 10).text, "level: must be 0 to 9");
  EXPECT_STREQ(error(Format::zlib, -1).text, "level: must be 0 to 9");
  EXPECT_STREQ(error(Format::automatic, 6).text, "format: must be raw, zlib or gzip");
}

TEST_F(OneShot, DecompressesWhatZlibMadeInAllFormats) {
  for (const Format format : kFormats)
    for (const int level : {0, 1, 9})
      for (const std::size_t size : kSizes) {
        const Bytes plain = mixture(size, size + 2);
        const GuardedBuffer packed(reference_compress(format, plain, {.level = level}));
        for (const Format as : {format, Format::automatic}) {
          if (format == Format::raw && as == Format::automatic) continue;
          const GuardedBuffer out(size);
          const auto done = wd::decompress(context_, as, contents(packed), room(out));
          ASSERT_TRUE(done) << done.error().text << ", " << size;
          EXPECT_EQ(done->consumed, packed.size());
          ASSERT_EQ(done->produced, size);
          EXPECT_TRUE(std::equal(plain.begin(), plain.end(), out.data()));
        }
      }
}

TEST_F(OneShot, LeavesWhatFollowsTheMessage) {
  const Bytes plain = text(3000);
  for (const Format format : kFormats) {
    Bytes packed = reference_compress(format, plain);
    const std::size_t message = packed.size();
    for (const std::uint8_t more : Bytes{0, 0xff, 0x78, 0x1f}) {
      packed.resize(message);
      packed.insert(packed.end(), 20, more);
      Bytes out(plain.size() + 10);
      const auto done = wd::decompress(context_, format, span_of(packed), wd::test::room_of(out));
      ASSERT_TRUE(done);
      EXPECT_EQ(done->consumed, message);
      EXPECT_EQ(done->produced, plain.size());
    }
  }
}

TEST_F(OneShot, CallsEveryPrefixOfAMessageTruncated) {
  const Bytes plain = mixture(700, 4);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    for (std::size_t size = 0; size < packed.size(); ++size)
      EXPECT_EQ(error_of_decompress(format, Bytes(packed.begin(), packed.begin() + size),
                                    plain.size() + 1),
                Errc::truncated)
          << "format " << static_cast<int>(format) << ", " << size << " of " << packed.size();
  }
}

TEST_F(OneShot, CallsEveryRoomBelowTheMessageOutputFull) {
  const Bytes plain = mixture(700, 5);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    for (std::size_t size = 0; size < plain.size(); ++size)
      EXPECT_EQ(error_of_decompress(format, packed, size), Errc::output_full)
          << "format " << static_cast<int>(format) << ", " << size << " of " << plain.size();
  }
}

TEST_F(OneShot, TellsCorruptMessages) {
  const Bytes plain = text(500);
  for (const Format format : kFormats) {
    const Bytes packed = reference_compress(format, plain);
    EXPECT_EQ(error_of_decompress(format, Bytes(50, 0xff), 500), Errc::corrupt_data);
    if (format == Format::raw) continue;
    EXPECT_EQ(error_of_decompress(format, wd::test::with_flipped_bits(packed, 1, 1), 500),
              Errc::corrupt_data)
        << "header";
    const std::size_t trailer = format == Format::gzip ? 8 : 4;
    for (std::size_t back = 1; back <= trailer; ++back)
      EXPECT_EQ(error_of_decompress(
                    format, wd::test::with_flipped_bits(packed, packed.size() - back, 0x40), 500),
                Errc::corrupt_data)
          << "trailer";
  }
}

// Every flipped bit: what zlib accepts comes out as zlib has it. What zlib refuses is refused, or
// (an engine may overlook a code that is described and not used) is the plain message, as the
// checksum says. And never a byte outside of the buffers.
TEST_F(OneShot, JudgesFlippedBitsAsZlibDoes) {
  const Bytes plain = mixture(300, 6);
  for (const Format format : {Format::zlib, Format::gzip}) {
    const Bytes packed = reference_compress(format, plain, {.level = 9});
    for (std::size_t bit = 0; bit < packed.size() * 8; ++bit) {
      const Bytes flipped = wd::test::with_flipped_bits(packed, bit / 8, 1u << bit % 8);
      const GuardedBuffer in(flipped);
      const GuardedBuffer out(2000);
      const auto done = wd::decompress(context_, format, contents(in), room(out));
      const auto reference = reference_decompress(format, flipped, 2000);
      if (reference) {
        ASSERT_TRUE(done) << bit;
        EXPECT_TRUE(std::equal(reference->begin(), reference->end(), out.data())) << bit;
      } else if (done) {
        EXPECT_TRUE(std::equal(plain.begin(), plain.end(), out.data())) << bit;
      }
    }
  }
}

TEST_F(OneShot, SaysThatADictionaryIsMissing) {
  const Bytes plain = text(500);
  const Bytes packed = reference_compress(Format::zlib, plain, {.dictionary = text(100, 2)});
  EXPECT_EQ(error_of_decompress(Format::zlib, packed, 500), Errc::need_dictionary);
  EXPECT_EQ(error_of_decompress(Format::automatic, packed, 500), Errc::need_dictionary);
}

TEST_F(OneShot, GivesZlibsBytesWhenAskedToBeExact) {
  wd::Config config;
  config.compression = wd::CompressionChoice::exact;
  const Context exact(config);
  for (const Format format : kFormats)
    for (int level = 0; level <= 9; ++level) {
      const Bytes plain = mixture(100000, 7);
      Bytes out(wd::compress_bound(format, plain.size()));
      const auto done = wd::compress(exact, format, level, span_of(plain), wd::test::room_of(out));
      ASSERT_TRUE(done);
      out.resize(*done);
      EXPECT_EQ(out, reference_compress(format, plain, {.level = level})) << level;
    }
}

TEST_F(OneShot, StoresAtLevelZero) {
  const Bytes plain = text(1000);
  const Bytes packed = compressed(Format::raw, 0, plain);
  EXPECT_EQ(packed.size(), plain.size() + 5);
  EXPECT_EQ(packed[0], 1);
}

// As in a signal handler that interrupted a compression.
TEST_F(OneShot, DoesWithoutTheThreadsScratch) {
  const Bytes plain = mixture(5000, 8);
  const wd::BorrowedScratch taken;
  ASSERT_TRUE(taken);
  const Bytes packed = compressed(Format::zlib, 6, plain);
  EXPECT_EQ(reference_decompress(Format::zlib, packed, plain.size()), plain);
  Bytes out(plain.size());
  const auto done = wd::decompress(context_, Format::zlib, span_of(packed), wd::test::room_of(out));
  ASSERT_TRUE(done);
  EXPECT_EQ(out, plain);
}

}  // namespace
