// verify = 1: a device that spoils what it compresses is caught before anybody gets it, and the
// same request ends well in software.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};

class SpoilingDevice : public testing::TestWithParam<const char*> {
 protected:
  // Each request but the first, which is the known answer that a fresh queue has to give.
  static Config config(bool verify, const char* fault = ":fault=corrupt@2+") {
    const std::string devices = std::string("hisi_zip:api=") + GetParam() + fault;
    Config config;
    config.backend = BackendChoice::hisi;
    std::memcpy(config.emulate, devices.c_str(), devices.size() + 1);
    config.verify = verify;
    config.fault_window_ms = 1;
    return config;
  }
  static RequestCounts counts(const Context& context) {
    return context.statistics(Algorithm::deflate, Engine::hisi_zip);
  }
  static std::uint64_t faults(const Context& context) {
    return counts(context).fallbacks[static_cast<std::size_t>(FallbackReason::device_fault)];
  }
  static Bytes whole(const Context& context, Format format, const Bytes& plain) {
    Bytes packed(compress_bound(format, plain.size()));
    const auto bytes = compress(context, format, 6, span_of(plain), room_of(packed));
    packed.resize(bytes ? *bytes : 0);
    return packed;
  }
  // In pieces, with flushes in between; each piece's output is decodable when it is handed out.
  static Bytes in_pieces(const Context& context, Format format, const Bytes& plain) {
    auto session = Compressor::open(context, {.format = format}).value();
    Bytes packed;
    Bytes room(2 * plain.size() + 1000);
    constexpr std::size_t kPieces = 4;
    for (std::size_t i = 0; i < kPieces; ++i) {
      const std::size_t from = plain.size() * i / kPieces;
      const ConstBuffer in{plain.data() + from, plain.size() * (i + 1) / kPieces - from};
      const MutableBuffer out{room.data(), room.size()};
      const auto done = session.run({.in = {&in, 1},
                                     .out = {&out, 1},
                                     .flush = i + 1 == kPieces ? Flush::finish : Flush::sync});
      EXPECT_EQ(done->consumed, in.bytes);
      packed.insert(packed.end(), room.begin(),
                    room.begin() + static_cast<std::ptrdiff_t>(done->produced));
    }
    return packed;
  }
};

// So that the other tests show something.
TEST_P(SpoilingDevice, IsBelievedWhereNobodyChecks) {
  Context context(config(false));
  const Bytes plain = mixture(30'000);
  EXPECT_NE(reference_decompress(Format::zlib, whole(context, Format::zlib, plain), plain.size()),
            plain);
}

TEST_P(SpoilingDevice, IsCaughtInWholeMessages) {
  Context context(config(true));
  context.enable_statistics();
  const Bytes plain = mixture(30'000);
  std::uint64_t caught = 0;
  for (const Format format : kFormats) {
    EXPECT_EQ(reference_decompress(format, whole(context, format, plain), plain.size()), plain);
    // Whole raw messages are not what version 2 makes.
    if (format == Format::raw && std::string(GetParam()) == "v2") continue;
    EXPECT_GT(faults(context), caught) << static_cast<int>(format);
    caught = faults(context);
  }
  EXPECT_EQ(counts(context).bytes_out, 0u) << "something of the device's was handed out";
}

// Found by the soak: it spoilt memory of its own that was not there any more.
TEST_P(SpoilingDevice, IsCaughtInLongMessages) {
  Context context(config(true));
  context.enable_statistics();
  const Bytes plain = text(5 << 20);
  EXPECT_EQ(reference_decompress(Format::zlib, whole(context, Format::zlib, plain), plain.size()),
            plain);
  EXPECT_EQ(faults(context), 1u);
}

TEST_P(SpoilingDevice, IsCaughtInStreams) {
  const Bytes plain = mixture(60'000);
  for (const Format format : kFormats) {
    Context context(config(true));
    context.enable_statistics();
    EXPECT_EQ(reference_decompress(format, in_pieces(context, format, plain), plain.size()), plain);
    EXPECT_EQ(faults(context), 1u) << "from there on it is software's";
  }
}

// What came before the spoilt piece is the device's, and what comes behind it software's.
TEST_P(SpoilingDevice, IsCaughtInMidStream) {
  const Bytes plain = mixture(60'000);
  for (const Format format : kFormats) {
    Context context(config(true, ":fault=corrupt@4"));
    context.enable_statistics();
    EXPECT_EQ(reference_decompress(format, in_pieces(context, format, plain), plain.size()), plain);
    EXPECT_EQ(faults(context), 1u);
    EXPECT_GE(counts(context).bytes_in, plain.size() / 4);
  }
}

TEST_P(SpoilingDevice, IsNotSuspectedWhenItIsWell) {
  Context context(config(true, ""));
  context.enable_statistics();
  const Bytes plain = mixture(60'000);
  for (const Format format : kFormats) {
    EXPECT_EQ(reference_decompress(format, whole(context, format, plain), plain.size()), plain);
    EXPECT_EQ(reference_decompress(format, in_pieces(context, format, plain), plain.size()), plain);
  }
  EXPECT_EQ(faults(context), 0u);
  EXPECT_GE(counts(context).bytes_in, 5 * plain.size());
}

INSTANTIATE_TEST_SUITE_P(Generations, SpoilingDevice, testing::Values("v2", "v3"));

}  // namespace
}  // namespace wd::test
