// What a stream asks of the caller's zalloc, and when, beside what zlib asks for in its place.
#include <algorithm>

#include "fixtures/reference_zlib.hpp"
#include "two_streams.hpp"

namespace wd::test {
namespace {

constexpr std::size_t kMostBytes = 48 * 1024;  // of a stream with the largest window

// A stream on both, with an account of each one's memory.
class MeasuredStreams {
 public:
  explicit MeasuredStreams(int window_bits) {
    pair_.use_own_allocator();
    EXPECT_EQ(ref_inflateInit2_(&a(), window_bits, ZLIB_VERSION, sizeof(z_stream)), Z_OK);
    EXPECT_EQ(inflateInit2_(&b(), window_bits, ZLIB_VERSION, sizeof(z_stream)), Z_OK);
  }
  ~MeasuredStreams() {
    ref_inflateEnd(&a());
    inflateEnd(&b());
    EXPECT_EQ(pair_.shim.memory.blocks, 0u);
    EXPECT_EQ(pair_.shim.memory.bytes, 0u);
  }
  MeasuredStreams(const MeasuredStreams&) = delete;
  MeasuredStreams& operator=(const MeasuredStreams&) = delete;

  int inflate_both(std::span<const std::uint8_t> in, std::uint32_t room, int flush) {
    pair_.give_input(in.data(), static_cast<std::uint32_t>(in.size()));
    pair_.give_output(room);
    const int code = ref_inflate(&a(), flush);
    EXPECT_EQ(pair_.compare("inflate", code, ::inflate(&b(), flush)), "");
    return code;
  }
  // Blocks in use, and at most 1.2 times zlib's bytes.
  void expect_like_zlib(const char* when, std::size_t streams = 1) {
    const CountingMemory& zlib = pair_.reference.memory;
    const CountingMemory& shim = pair_.shim.memory;
    EXPECT_EQ(shim.blocks, zlib.blocks) << when;
    EXPECT_LE(shim.bytes * 10, zlib.bytes * 12) << when;
    EXPECT_LE(shim.peak_bytes * 10, zlib.peak_bytes * 12) << when;
    EXPECT_LE(shim.peak_bytes, streams * kMostBytes) << when;
  }
  z_stream& a() { return pair_.reference.stream; }
  z_stream& b() { return pair_.shim.stream; }

 private:
  Pair pair_;
};

constexpr int kFormats[] = {0, 16, -1};  // zlib, gzip, raw

int argument_of(int format, int bits) {
  return format < 0 ? -bits : bits + format;
}
Format format_of(int format) {
  return format < 0 ? Format::raw : format == 0 ? Format::zlib : Format::gzip;
}

TEST(InflateMemory, IsZlibsWithAndWithoutAWindow) {
  for (int bits = 8; bits <= 15; ++bits)
    for (const int format : kFormats) {
      SCOPED_TRACE(testing::Message() << "window " << bits << ", format " << format);
      const Bytes plain = text(3000);
      const Bytes packed =
          reference_compress(format_of(format), plain, {.window_bits = std::max(bits, 9)});
      MeasuredStreams streams(argument_of(format, bits == 8 ? 9 : bits));
      if (HasFailure()) return;
      streams.expect_like_zlib("fresh");
      const std::span whole(packed);
      streams.inflate_both(whole.first(1), 100, Z_NO_FLUSH);
      streams.expect_like_zlib("in its header");
      streams.inflate_both(whole.subspan(1, whole.size() / 2), 100000, Z_NO_FLUSH);
      streams.expect_like_zlib("in its body");
      EXPECT_EQ(streams.inflate_both(whole.subspan(1 + whole.size() / 2), 100000, Z_NO_FLUSH),
                Z_STREAM_END);
      streams.expect_like_zlib("at its end");
    }
}

TEST(InflateMemory, HasNoWindowWhereOneCallDoesIt) {
  const Bytes plain = text(30000);
  for (const int format : kFormats)
    for (const int flush : {Z_FINISH, Z_NO_FLUSH, Z_SYNC_FLUSH}) {
      SCOPED_TRACE(testing::Message() << "format " << format << ", flush " << flush);
      MeasuredStreams streams(argument_of(format, 15));
      const Bytes packed = reference_compress(format_of(format), plain);
      EXPECT_EQ(streams.inflate_both(packed, 30000, flush), Z_STREAM_END);
      streams.expect_like_zlib("done");
    }
}

// Room for less than there is, for nothing at all, and input that ends before the first byte.
TEST(InflateMemory, HasAWindowWhenZlibHasOne) {
  const Bytes packed = reference_compress(Format::raw, text(30000));
  for (const std::uint32_t room : {0, 1, 100, 29999})
    for (const std::size_t in : {std::size_t{0}, std::size_t{1}, std::size_t{30}, packed.size()})
      for (const int flush : {Z_FINISH, Z_NO_FLUSH, Z_BLOCK, Z_TREES}) {
        SCOPED_TRACE(testing::Message() << room << " of room, " << in << " in, flush " << flush);
        MeasuredStreams streams(-15);
        streams.inflate_both(std::span(packed).first(in), room, flush);
        streams.expect_like_zlib("after one call");
        streams.inflate_both(std::span(packed).first(0), room, flush);
        streams.expect_like_zlib("after an empty call");
      }
}

TEST(InflateMemory, IsZlibsWithADictionary) {
  const Bytes dictionary = text(1000, 9);
  MeasuredStreams streams(-15);
  const auto bytes = static_cast<uInt>(dictionary.size());
  EXPECT_EQ(ref_inflateSetDictionary(&streams.a(), dictionary.data(), bytes), Z_OK);
  EXPECT_EQ(inflateSetDictionary(&streams.b(), dictionary.data(), bytes), Z_OK);
  streams.expect_like_zlib("with a dictionary");
}

TEST(InflateMemory, IsKeptOverAResetUnlessTheWindowDiffers) {
  const Bytes packed = reference_compress(Format::raw, text(30000), {.window_bits = 9});
  MeasuredStreams streams(-15);
  streams.inflate_both(std::span(packed).first(1000), 10000, Z_NO_FLUSH);
  EXPECT_EQ(ref_inflateReset(&streams.a()), inflateReset(&streams.b()));
  streams.expect_like_zlib("reset");
  for (const int bits : {-15, -9, -12, 15}) {
    EXPECT_EQ(ref_inflateReset2(&streams.a(), bits), inflateReset2(&streams.b(), bits));
    streams.expect_like_zlib("reset to another window");
    if (bits > 0) break;
    streams.inflate_both(std::span(packed).first(1000), 10000, Z_NO_FLUSH);
    streams.expect_like_zlib("in use again");
  }
}

TEST(InflateMemory, OfACopyIsZlibs) {
  const Bytes packed = reference_compress(Format::raw, text(30000));
  for (const std::size_t in : {0, 1000}) {
    MeasuredStreams streams(-15);
    streams.inflate_both(std::span(packed).first(in), 10000, Z_NO_FLUSH);
    z_stream copies[2];
    EXPECT_EQ(ref_inflateCopy(&copies[0], &streams.a()), Z_OK);
    EXPECT_EQ(inflateCopy(&copies[1], &streams.b()), Z_OK);
    streams.expect_like_zlib("with its copy", 2);
    ref_inflateEnd(&copies[0]);
    inflateEnd(&copies[1]);
    streams.expect_like_zlib("without its copy", 2);
  }
}

// Refused at each allocation: the same codes, and nothing stays behind.
TEST(InflateMemory, MayBeRefused) {
  const Bytes packed = reference_compress(Format::zlib, text(30000));
  for (int allowed = 0; allowed < 3; ++allowed) {
    Pair pair;
    pair.use_own_allocator();
    pair.reference.memory.fail_after = pair.shim.memory.fail_after = allowed;
    const int code = ref_inflateInit2_(&pair.reference.stream, 15, ZLIB_VERSION, sizeof(z_stream));
    ASSERT_EQ(inflateInit2_(&pair.shim.stream, 15, ZLIB_VERSION, sizeof(z_stream)), code);
    if (code != Z_OK) continue;
    for (int calls = 0; calls < 3; ++calls) {
      pair.give_input(packed.data(), static_cast<std::uint32_t>(packed.size() / 2));
      pair.give_output(5000);
      const int reference = ref_inflate(&pair.reference.stream, Z_NO_FLUSH);
      EXPECT_EQ(reference, allowed < 2 ? Z_MEM_ERROR : Z_OK);
      EXPECT_EQ(::inflate(&pair.shim.stream, Z_NO_FLUSH), reference);
      if (reference == Z_OK) break;
    }
    ref_inflateEnd(&pair.reference.stream);
    inflateEnd(&pair.shim.stream);
    EXPECT_EQ(pair.shim.memory.blocks, 0u);
  }
}

// A dictionary for which there was no memory: a stream with a header does not ask for it again.
TEST(InflateMemory, MayBeRefusedForADictionary) {
  const Bytes dictionary = text(1000, 9);
  const auto bytes = static_cast<uInt>(dictionary.size());
  for (const Format format : {Format::zlib, Format::raw}) {
    SCOPED_TRACE(testing::Message() << "raw " << (format == Format::raw));
    const Bytes packed = reference_compress(format, text(30000), {.dictionary = dictionary});
    Pair pair;
    z_stream& zlib = pair.reference.stream;
    z_stream& shim = pair.shim.stream;
    pair.use_own_allocator();
    const int window_bits = format == Format::raw ? -15 : 15;
    ASSERT_EQ(ref_inflateInit2_(&zlib, window_bits, ZLIB_VERSION, sizeof(z_stream)), Z_OK);
    ASSERT_EQ(inflateInit2_(&shim, window_bits, ZLIB_VERSION, sizeof(z_stream)), Z_OK);
    pair.give_input(packed.data(), static_cast<std::uint32_t>(packed.size()));
    pair.give_output(5000);
    if (format == Format::zlib) {
      ASSERT_EQ(ref_inflate(&zlib, Z_NO_FLUSH), Z_NEED_DICT);
      ASSERT_EQ(::inflate(&shim, Z_NO_FLUSH), Z_NEED_DICT);
    }
    pair.reference.memory.fail_after = pair.shim.memory.fail_after = 0;
    EXPECT_EQ(ref_inflateSetDictionary(&zlib, dictionary.data(), bytes), Z_MEM_ERROR);
    EXPECT_EQ(inflateSetDictionary(&shim, dictionary.data(), bytes), Z_MEM_ERROR);
    pair.reference.memory.fail_after = pair.shim.memory.fail_after = -1;
    const int again = ref_inflateSetDictionary(&zlib, dictionary.data(), bytes);
    EXPECT_EQ(again, format == Format::raw ? Z_OK : Z_STREAM_ERROR);
    EXPECT_EQ(inflateSetDictionary(&shim, dictionary.data(), bytes), again);
    EXPECT_EQ(pair.compare("inflate", ref_inflate(&zlib, Z_NO_FLUSH), ::inflate(&shim, Z_NO_FLUSH)),
              "");
    ref_inflateEnd(&zlib);
    inflateEnd(&shim);
    EXPECT_EQ(pair.shim.memory.blocks, 0u);
  }
}

}  // namespace
}  // namespace wd::test
