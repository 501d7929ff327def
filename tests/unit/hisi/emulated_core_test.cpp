// The core on emulated devices, as programs have it: through a Context that was told of them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "wd/inflate_stream.hpp"
#include "wd/one_shot.hpp"
#include "wd/session.hpp"

namespace wd::test {
namespace {

Config config_with(const std::string& devices) {
  Config config;
  config.backend = BackendChoice::hisi;
  std::memcpy(config.emulate, devices.c_str(), devices.size() + 1);
  return config;
}

class CoreOnADevice : public testing::Test {
 protected:
  explicit CoreOnADevice(const std::string& devices = "hisi_zip") : context_(config_with(devices)) {
    context_.enable_statistics();
  }
  [[nodiscard]] RequestCounts counts(Algorithm algorithm) const {
    return context_.statistics(algorithm, Engine::hisi_zip);
  }

  Context context_;
};

// Found by the soak: an engine keeps a raw stream's last block back until it is asked once more.
TEST_F(CoreOnADevice, ReadsAnEmptyMessageIntoNoRoom) {
  for (const Format format : {Format::raw, Format::zlib, Format::gzip}) {
    const Bytes packed = reference_compress(format, {});
    Bytes room(1);
    const auto read = decompress(context_, format, span_of(packed), room_of(room).first(0));
    ASSERT_TRUE(read) << static_cast<int>(format) << ": " << read.error().text;
    EXPECT_EQ(read->consumed, packed.size());
    EXPECT_EQ(read->produced, 0u);
  }
  EXPECT_GE(counts(Algorithm::inflate).requests, 3u);
}

// Found by the soak: what an engine caches of a short block must not be what is behind the end,
// also where the end is behind full room.
TEST_F(CoreOnADevice, LeavesWhatFollowsARawStream) {
  const Bytes body = reference_compress(Format::raw, Bytes(216, 'x'));
  Bytes packed = body;
  packed.resize(body.size() + 10, 0x55);
  for (std::uint32_t first = 1; first <= packed.size(); ++first)
    for (std::uint32_t room = 1; room <= 216; ++room) {
      InflateStream stream(context_);
      ASSERT_EQ(stream.open(Format::raw, kMaxWindowBits, Allocator::standard()), StreamCode::ok);
      Bytes out(500);
      std::int64_t consumed = 0;
      std::uint32_t produced = 0;
      StreamCode code = StreamCode::ok;
      for (int calls = 0; calls < 4 && code != StreamCode::end; ++calls) {
        const auto in_bytes = calls == 0 ? first : static_cast<std::uint32_t>(packed.size());
        const auto step =
            stream.run(packed.data() + consumed, in_bytes - static_cast<std::uint32_t>(consumed),
                       out.data() + produced, calls == 0 ? room : 216, Flush::none, nullptr);
        consumed += step.consumed;
        produced += step.produced;
        code = step.code;
      }
      stream.close();
      ASSERT_EQ(code, StreamCode::end) << first << " bytes, room for " << room;
      ASSERT_EQ(consumed, static_cast<std::int64_t>(body.size())) << first << ' ' << room;
      ASSERT_EQ(produced, 216u);
    }
}

class CoreOnADeviceWithoutSharedAddresses : public CoreOnADevice {
 protected:
  CoreOnADeviceWithoutSharedAddresses() : CoreOnADevice("hisi_zip:sva=off") {}
};

TEST_F(CoreOnADeviceWithoutSharedAddresses, HasItDoLongMessagesToo) {
  const Bytes plain = mixture(9 << 20);
  for (const Format format : {Format::raw, Format::zlib, Format::gzip}) {
    const std::uint64_t before = counts(Algorithm::deflate).bytes_in;
    Bytes packed(compress_bound(format, plain.size()));
    const auto made = compress(context_, format, 6, span_of(plain), room_of(packed));
    ASSERT_TRUE(made);
    packed.resize(*made);
    EXPECT_EQ(counts(Algorithm::deflate).bytes_in - before, plain.size());
    EXPECT_EQ(reference_decompress(format, packed, plain.size()), plain);
    const std::uint64_t read_before = counts(Algorithm::inflate).bytes_out;
    Bytes back(plain.size());
    ASSERT_TRUE(decompress(context_, format, span_of(packed), room_of(back)));
    EXPECT_EQ(back, plain);
    EXPECT_EQ(counts(Algorithm::inflate).bytes_out - read_before, plain.size());
  }
  for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::inflate})
    for (const std::uint64_t fallbacks : counts(algorithm).fallbacks) EXPECT_EQ(fallbacks, 0u);
}

// Found by the soak: a call takes two requests, the first one for what there is room for, the
// second to look for the end behind it. What the first has spoilt is found out by its checksum,
// even if the second fails.
class CoreOnADeviceThatFailsTwice : public CoreOnADevice {
 protected:
  // Behind the known answer.
  CoreOnADeviceThatFailsTwice()
      : CoreOnADevice("hisi_zip:fault=corrupt@2:fault=unknown_status@3") {}
};

TEST_F(CoreOnADeviceThatFailsTwice, HandsOutNothingThatItsChecksumDenies) {
  const Bytes plain = mixture(30'000);
  const Bytes packed = reference_compress(Format::zlib, plain);
  auto session = Decompressor::open(context_, {.format = Format::zlib}).value();
  Bytes back(plain.size());
  constexpr std::size_t kFirst = 5000;
  const ConstBuffer in{packed.data(), packed.size()};
  const MutableBuffer out[] = {{back.data(), kFirst}, {back.data() + kFirst, back.size() - kFirst}};
  const auto done = session.run({.in = {&in, 1}, .out = out});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, Status::end);
  EXPECT_EQ(done->produced, plain.size());
  EXPECT_EQ(back, plain);
  EXPECT_EQ(
      counts(Algorithm::inflate).fallbacks[static_cast<std::size_t>(FallbackReason::device_fault)],
      1u);
}

}  // namespace
}  // namespace wd::test
