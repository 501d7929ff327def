// The whole way of a message: pool, queue, rings, descriptors, and back; the engine computes with
// plain libz in the test.
#include "hisi/zip/engine.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/guarded_buffer.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Format;
using wd::hisi::Refusal;
using wd::hisi::zip::Direction;
using wd::hisi::zip::Engine;
using wd::hisi::zip::MessageEnd;
using wd::hisi::zip::MessageParameters;
using wd::hisi::zip::Stream;
using wd::hisi::zip::Window;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;
using wd::test::GuardedBuffer;
using wd::test::mixture;
using wd::test::noise;
using wd::test::text;

constexpr Format kFormats[] = {Format::raw, Format::zlib, Format::gzip};

class ZipEngine : public testing::Test {
 protected:
  ZipEngine() {
    settings_.calls = &calls_;
    settings_.roots = FakeUacce::roots();
    settings_.least_work_bytes = 0;
    settings_.timeout = std::chrono::milliseconds(0);
    zip_.keep_seen = false;
  }
  ~ZipEngine() override { Engine::destroy(engine_); }

  Engine& engine() {
    if (engine_ == nullptr) engine_ = *Engine::create(settings_);
    return *engine_;
  }
  Engine::Answer compress(Format format, const Bytes& plain, Bytes& room) {
    return engine().compress({.format = format}, plain.data(), plain.size(), room.data(),
                             room.size());
  }
  Engine::Answer decompress(Format format, const Bytes& packed, Bytes& room) {
    return engine().decompress({.format = format}, packed.data(), packed.size(), room.data(),
                               room.size());
  }

  FakeUacce fake_;
  FakeZip zip_{fake_};
  wd::SystemCalls calls_ = fake_.calls();
  wd::hisi::zip::EngineSettings settings_;
  Engine* engine_ = nullptr;
};

TEST_F(ZipEngine, CompressesMessagesThatZlibReads) {
  for (const Format format : kFormats)
    for (const std::size_t size : {0, 1, 100, 5000, 300000}) {
      const Bytes plain = mixture(size, size);
      Bytes packed(size + size / 8 + 300);
      const auto answer = compress(format, plain, packed);
      ASSERT_EQ(answer.end, MessageEnd::done) << size;
      EXPECT_EQ(answer.consumed, size);
      packed.resize(answer.produced);
      EXPECT_EQ(wd::test::reference_decompress(format, packed, size), plain) << size;
    }
}

TEST_F(ZipEngine, DecompressesMessagesThatZlibMade) {
  for (const Format format : kFormats)
    for (const std::size_t size : {1, 100, 5000, 300000}) {
      const Bytes plain = mixture(size, size + 1);
      Bytes packed = wd::test::reference_compress(format, plain);
      const std::size_t packed_bytes = packed.size();
      packed.insert(packed.end(), 30, 0x77);
      Bytes room(size + 1);
      const auto answer = decompress(format, packed, room);
      ASSERT_EQ(answer.end, MessageEnd::done) << size;
      EXPECT_EQ(answer.consumed, packed_bytes);
      room.resize(answer.produced);
      EXPECT_EQ(room, plain);
    }
}

TEST_F(ZipEngine, ReadsRealHeaders) {
  const Bytes plain = text(1000);
  const Bytes packed = wd::test::reference_compress(Format::gzip, plain);
  // With a name, a comment and an extra field.
  Bytes named(packed.begin(), packed.begin() + 10);
  named[3] = 0x04 | 0x08 | 0x10;
  for (const char byte : std::string("\x03\x00"
                                     "abcname\0comment\0",
                                     18))
    named.push_back(static_cast<std::uint8_t>(byte));
  named.insert(named.end(), packed.begin() + 10, packed.end());
  for (const Format format : {Format::gzip, Format::automatic}) {
    Bytes room(2000);
    const auto answer = decompress(format, named, room);
    ASSERT_EQ(answer.end, MessageEnd::done);
    EXPECT_EQ(answer.consumed, named.size());
    room.resize(answer.produced);
    EXPECT_EQ(room, plain);
  }
}

TEST_F(ZipEngine, LeavesToSoftwareWhatAnEngineCannotBeTold) {
  const Bytes plain = text(1000);
  Bytes room(2000);
  wd::test::ReferenceOptions with_dictionary;
  with_dictionary.dictionary = text(100, 4);
  const Bytes needs = wd::test::reference_compress(Format::zlib, plain, with_dictionary);
  EXPECT_EQ(decompress(Format::zlib, needs, room).end, MessageEnd::for_software);
  Bytes bad = wd::test::reference_compress(Format::zlib, plain);
  bad[0] ^= 1;
  EXPECT_EQ(decompress(Format::zlib, bad, room).end, MessageEnd::for_software);
  const Bytes gzip = wd::test::reference_compress(Format::gzip, plain);
  EXPECT_EQ(decompress(Format::zlib, gzip, room).end, MessageEnd::for_software);
  const Bytes cut(gzip.begin(), gzip.end() - 1);
  EXPECT_EQ(decompress(Format::gzip, cut, room).end, MessageEnd::for_software);
  EXPECT_EQ(decompress(Format::gzip, {gzip.begin(), gzip.begin() + 5}, room).end,
            MessageEnd::for_software);
  Bytes damaged = gzip;
  damaged[damaged.size() - 6] ^= 1;  // of the checksum
  EXPECT_EQ(decompress(Format::gzip, damaged, room).end, MessageEnd::refused);
}

TEST_F(ZipEngine, BelievesAStatusThatDoesNotNameTheEndOnlyWithItsTrailer) {
  zip_.says_end = false;
  const Bytes plain = text(1000);
  Bytes room(2000);
  for (const Format format : {Format::zlib, Format::gzip})
    EXPECT_EQ(decompress(format, wd::test::reference_compress(format, plain), room).end,
              MessageEnd::done);
  // Raw streams have none.
  EXPECT_EQ(decompress(Format::raw, wd::test::reference_compress(Format::raw, plain), room).end,
            MessageEnd::for_software);
}

TEST_F(ZipEngine, SaysWhatDoesNotFit) {
  const Bytes plain = noise(1000);
  const Bytes packed = wd::test::reference_compress(Format::zlib, plain);
  for (const std::size_t size : {0, 1, 10, 500, 999}) {
    Bytes room(size);
    EXPECT_NE(compress(Format::zlib, plain, room).end, MessageEnd::done) << size;
    EXPECT_NE(decompress(Format::zlib, packed, room).end, MessageEnd::done) << size;
  }
}

TEST_F(ZipEngine, TouchesNothingBeyondItsRoom) {
  const Bytes plain = mixture(20000);
  const GuardedBuffer in(plain);
  for (const std::size_t size : {50, 300, 5000, 30000}) {
    const GuardedBuffer room(size);
    engine().compress({.format = Format::gzip}, in.data(), in.size(), room.data(), room.size());
  }
}

TEST_F(ZipEngine, SplitsWhatIsMoreThanAnEngineTakes) {
  constexpr std::size_t kSize = (std::size_t{8} << 20) + 12345;
  const Bytes plain = text(kSize);
  for (const Format format : kFormats) {
    Bytes packed(kSize);
    const auto made = compress(format, plain, packed);
    ASSERT_EQ(made.end, MessageEnd::done);
    packed.resize(made.produced);
    Bytes back(kSize);
    const auto read = decompress(format, packed, back);
    ASSERT_EQ(read.end, MessageEnd::done);
    EXPECT_EQ(read.consumed, packed.size());
    EXPECT_EQ(read.produced, kSize);
    EXPECT_EQ(back, plain);
  }
}

TEST_F(ZipEngine, HasNoRawDeflateOnTheSecondGeneration) {
  fake_.attribute("hisi_zip-0", "api") = "hisi_qm_v2\n";
  fake_.attribute("hisi_zip-0", "algorithms") = "zlib\ngzip";
  EXPECT_FALSE(engine().does(Format::raw));
  EXPECT_TRUE(engine().does(Format::zlib));
  EXPECT_TRUE(engine().does(Format::automatic));
  const Bytes plain = text(3000);
  Bytes room(5000);
  const auto refused = compress(Format::raw, plain, room);
  EXPECT_EQ(refused.end, MessageEnd::for_software);
  EXPECT_EQ(refused.refusal, Refusal::no_device);
  zip_.keep_seen = true;
  EXPECT_EQ(compress(Format::gzip, plain, room).end, MessageEnd::done);
  for (const auto& words : zip_.seen) EXPECT_EQ(words[7] >> 28, 0u);
}

TEST_F(ZipEngine, ProvesAQueueBeforeItIsUsed) {
  zip_.keep_seen = true;
  const Bytes plain = text(3000);
  Bytes room(5000);
  EXPECT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::done);
  EXPECT_EQ(zip_.seen.size(), 2u);
  EXPECT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::done);
  EXPECT_EQ(zip_.seen.size(), 3u);
}

TEST_F(ZipEngine, UsesNoQueueThatComputesWrongly) {
  // One bit, far in.
  zip_.after = [](std::uint32_t* words) {
    auto* out = reinterpret_cast<std::uint8_t*>(std::uint64_t{words[21]} << 32 | words[20]);
    if (words[1] > 40) out[40] ^= 1;
  };
  const Bytes plain = text(3000);
  Bytes room(5000);
  EXPECT_EQ(compress(Format::zlib, plain, room).refusal, Refusal::unproven);
  Engine::destroy(std::exchange(engine_, nullptr));
  EXPECT_EQ(
      decompress(Format::zlib, wd::test::reference_compress(Format::zlib, plain), room).refusal,
      Refusal::unproven);
  EXPECT_EQ(fake_.open_files(), 0);
}

TEST_F(ZipEngine, ReportsAFaultAfterTheDeviceHasLetGo) {
  const Bytes plain = text(3000);
  Bytes room(5000);
  ASSERT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::done);
  zip_.before = [](const std::uint32_t*) { return false; };
  EXPECT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::fault);
  EXPECT_EQ(fake_.open_files(), 0);
  zip_.before = nullptr;
  EXPECT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::done);
}

TEST_F(ZipEngine, TakesHalfAnAnswerForAFault) {
  const Bytes plain = text(3000);
  Bytes room(5000);
  ASSERT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::done);
  zip_.after = [](std::uint32_t* words) { words[0] -= 1; };
  EXPECT_EQ(compress(Format::zlib, plain, room).end, MessageEnd::fault);
}

// Counts that could be, and output that is not what it was when its checksum was made.
TEST_F(ZipEngine, FindsOutADeviceThatErrs) {
  const Bytes plain = text(3000);
  Bytes room(5000);
  for (const Format format : {Format::zlib, Format::gzip}) {
    const Bytes packed = wd::test::reference_compress(format, plain);
    // So that both queues have proved themselves.
    ASSERT_EQ(compress(format, plain, room).end, MessageEnd::done);
    ASSERT_EQ(decompress(format, packed, room).end, MessageEnd::done);
    const auto expect_faults = [&](auto&& err) {
      zip_.after = err;
      EXPECT_EQ(compress(format, plain, room).end, MessageEnd::fault);
      EXPECT_EQ(decompress(format, packed, room).end, MessageEnd::fault);
    };
    expect_faults([](std::uint32_t* words) { words[1] -= 1; });
    expect_faults([](std::uint32_t* words) { words[0] -= 1; });
    expect_faults([](std::uint32_t* words) { words[0] = words[1] = 0; });
    zip_.after = [](std::uint32_t* words) {
      reinterpret_cast<std::uint8_t*>(std::uint64_t{words[21]} << 32 | words[20])[100] ^= 4;
    };
    EXPECT_EQ(decompress(format, packed, room).end, MessageEnd::fault);
    zip_.after = nullptr;
    Engine::destroy(std::exchange(engine_, nullptr));
  }
}

TEST_F(ZipEngine, GoesThroughScatterLists) {
  const Bytes plain = text(1000);
  Bytes first(7), second(3000);
  const wd::ConstBuffer in[] = {{plain.data(), 100}, {nullptr, 0}, {plain.data() + 100, 900}};
  const wd::MutableBuffer out[] = {{first.data(), first.size()}, {second.data(), second.size()}};
  zip_.before = [&](const std::uint32_t* words) {
    if ((words[9] >> 8 & 1) == 0) return true;
    // Lists, as the engine reads them: 64 bytes, then entries of 32.
    const auto* list =
        reinterpret_cast<const std::uint8_t*>(std::uint64_t{words[19]} << 32 | words[18]);
    std::uint64_t address = 0;
    std::uint32_t length = 0;
    std::uint16_t sums[3];
    std::memcpy(sums, list + 8, 6);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(list) % 64, 0u);
    EXPECT_EQ(sums[0], 255);
    EXPECT_EQ(sums[1], 2);
    EXPECT_EQ(sums[2], 255);
    std::memcpy(&address, list + 64 + 32, 8);
    std::memcpy(&length, list + 64 + 32 + 16, 4);
    EXPECT_EQ(address, reinterpret_cast<std::uintptr_t>(plain.data() + 100));
    EXPECT_EQ(length, 900u);
    EXPECT_EQ(words[4], 1000u);
    EXPECT_EQ(words[8], 10u);
    EXPECT_EQ(words[14], 3007u - 10);
    return false;
  };
  auto lease = engine().pool().lease({2, wd::QueueKind{0}, 1000});
  ASSERT_TRUE(lease);
  wd::hisi::zip::Lane lane(lease.queue(), lease.qm_version());
  EXPECT_EQ(wd::hisi::zip::compress_scattered(lane, {.format = Format::gzip}, in, out).end,
            MessageEnd::fault);
  // The header went across both pieces.
  EXPECT_EQ(first[0], 0x1f);
  EXPECT_EQ(second[2], 0x03);
}

TEST_F(ZipEngine, RunsStreamsOnWhicheverQueueThereIs) {
  auto stream =
      Stream::create({wd::hisi::zip::Coding::deflate, Direction::compress, Window::k32, -1});
  const Bytes plain = text(50000);
  Bytes packed(60000);
  std::size_t at = 0, made = 0;
  for (;;) {
    const std::size_t bytes = std::min<std::size_t>(9000, plain.size() - at);
    const auto answer = engine().run(*stream, plain.data() + at, bytes, packed.data() + made,
                                     packed.size() - made, at + bytes == plain.size());
    ASSERT_TRUE(answer.step.end == Stream::End::more || answer.step.end == Stream::End::complete);
    at += answer.step.consumed;
    made += answer.step.produced;
    if (answer.step.end == Stream::End::complete) break;
  }
  packed.resize(made);
  EXPECT_EQ(wd::test::reference_decompress(Format::raw, packed, plain.size()), plain);
  EXPECT_EQ(fake_.files.size(), 1u);
}

TEST_F(ZipEngine, HandsOutWhatWaitsThoughThereIsNoQueue) {
  settings_.idle = std::chrono::milliseconds(0);
  auto stream =
      Stream::create({wd::hisi::zip::Coding::deflate, Direction::compress, Window::k32, -1});
  const Bytes plain = noise(150);
  Bytes packed(300);
  std::size_t made =
      engine().run(*stream, plain.data(), plain.size(), packed.data(), 50, true).step.produced;
  ASSERT_EQ(made, 50u);
  engine().pool().sweep();
  fake_.open_error = -EBUSY;
  const auto rest =
      engine().run(*stream, nullptr, 0, packed.data() + made, packed.size() - made, true);
  EXPECT_EQ(rest.step.end, Stream::End::complete);
  made += rest.step.produced;
  packed.resize(made);
  EXPECT_EQ(wd::test::reference_decompress(Format::raw, packed, plain.size()), plain);
  stream->reset();
  EXPECT_EQ(engine().run(*stream, plain.data(), 1, packed.data(), 1, true).step.end,
            Stream::End::fault);
}

TEST_F(ZipEngine, GoesOnInAForkedChild) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  auto stream =
      Stream::create({wd::hisi::zip::Coding::deflate, Direction::compress, Window::k32, -1});
  const Bytes plain = text(6000);
  Bytes packed(9000);
  const auto first = engine().run(*stream, plain.data(), 3000, packed.data(), packed.size(), false);
  ASSERT_EQ(first.step.consumed, 3000u);
  const auto finish = [&] {
    const auto last =
        engine().run(*stream, plain.data() + 3000, 3000, packed.data() + first.step.produced,
                     packed.size() - first.step.produced, true);
    if (last.step.end != Stream::End::complete) return false;
    Bytes whole(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(first.step.produced +
                                                                             last.step.produced));
    return wd::test::reference_decompress(Format::raw, whole, plain.size()) == plain;
  };
  const std::size_t opened = fake_.files.size();
  EXPECT_EQ(wd::test::in_child([&] { return finish() && fake_.files.size() > opened ? 0 : 1; }), 0);
  EXPECT_TRUE(finish());
  EXPECT_EQ(fake_.files.size(), opened);
}

}  // namespace
