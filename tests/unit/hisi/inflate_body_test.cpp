#include "hisi/zip/inflate_body.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Format;
using wd::StreamCode;
using wd::hisi::zip::Engine;
using wd::hisi::zip::InflateBody;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;
using wd::test::mixture;
using wd::test::Seeded;
using wd::test::text;

Bytes body_of(Format format, const Bytes& plain) {
  const Bytes packed = wd::test::reference_compress(format, plain);
  const std::ptrdiff_t header = format == Format::zlib ? 2 : format == Format::gzip ? 10 : 0;
  return {packed.begin() + header, packed.end()};
}

// What plain libz makes of the beginning of a body.
Bytes decoded_so_far(std::span<const std::uint8_t> body, std::size_t most) {
  z_stream stream{};
  ref_inflateInit2_(&stream, -15, ZLIB_VERSION, sizeof(stream));
  Bytes plain(most + 1);
  stream.next_in = const_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = plain.data();
  stream.avail_out = static_cast<uInt>(plain.size());
  ref_inflate(&stream, Z_SYNC_FLUSH);
  plain.resize(stream.total_out);
  ref_inflateEnd(&stream);
  return plain;
}

class InflateBodyTest : public testing::TestWithParam<Format> {
 protected:
  InflateBodyTest() {
    zip_.keep_seen = false;
    start_engine();
  }
  ~InflateBodyTest() override { Engine::destroy(engine_); }

  void start_engine() {
    Engine::destroy(engine_);
    wd::hisi::zip::EngineSettings settings;
    settings.calls = &calls_;
    settings.roots = FakeUacce::roots();
    settings.least_work_bytes = 0;
    settings.timeout = std::chrono::milliseconds(0);
    engine_ = *Engine::create(settings);
  }

  FakeUacce fake_;
  FakeZip zip_{fake_};
  wd::SystemCalls calls_ = fake_.calls();
  Engine* engine_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Formats, InflateBodyTest,
                         testing::Values(Format::raw, Format::zlib, Format::gzip));

TEST_P(InflateBodyTest, ReadsWhatZlibMadeWhateverTheSteps) {
  auto body = InflateBody::create(*engine_, GetParam());
  ASSERT_TRUE(body);
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Seeded seeded(seed);
    body->reset();
    const Bytes plain = mixture(seeded.below(100000), seed);
    Bytes packed = body_of(GetParam(), plain);
    const std::size_t packed_bytes = packed.size();
    packed.insert(packed.end(), 40, 0x5a);
    Bytes out;
    std::size_t at = 0;
    for (StreamCode code = StreamCode::ok; code != StreamCode::end;) {
      const std::size_t in_bytes = std::min(1 + seeded.below(9000), packed.size() - at);
      Bytes room(1 + seeded.below(20000));
      const auto step =
          body->run(packed.data() + at, in_bytes, room.data(), room.size(), seeded.below(2) == 0);
      ASSERT_FALSE(step.failed);
      ASSERT_GE(static_cast<int>(step.code), 0) << seed;
      at += step.consumed;
      code = step.code;
      out.insert(out.end(), room.begin(),
                 room.begin() + static_cast<std::ptrdiff_t>(step.produced));
    }
    EXPECT_EQ(out, plain) << seed;
    EXPECT_EQ(at, packed_bytes) << seed;
    EXPECT_EQ(body->delivered(), plain.size());
    EXPECT_EQ(body->replay().size(), packed_bytes);
  }
}

TEST_P(InflateBodyTest, CanBeReplayedAfterAnyFault) {
  const Bytes plain = mixture(60000, 7);
  const Bytes packed = body_of(GetParam(), plain);
  for (int good = 0; good < 8; ++good) {
    start_engine();
    auto body = InflateBody::create(*engine_, GetParam());
    int requests = 0;
    zip_.before = [&](const std::uint32_t* words) {
      return (words[7] >> 26 & 1) == 0 || requests++ < good;
    };
    Bytes out;
    std::size_t at = 0;
    bool failed = false;
    while (!failed) {
      Bytes room(5000);
      const auto step =
          body->run(packed.data() + at, std::min<std::size_t>(3000, packed.size() - at),
                    room.data(), room.size(), false);
      at += step.consumed;
      failed = step.failed;
      out.insert(out.end(), room.begin(),
                 room.begin() + static_cast<std::ptrdiff_t>(step.produced));
    }
    zip_.before = nullptr;
    ASSERT_EQ(body->delivered(), out.size());
    ASSERT_EQ(body->replay().size(), at);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), plain.begin()));
    // What software makes of it begins with what the caller has.
    const Bytes again = decoded_so_far(body->replay(), plain.size());
    ASSERT_GE(again.size(), out.size());
    EXPECT_TRUE(std::equal(again.begin(), again.end(), plain.begin()));
  }
}

TEST_P(InflateBodyTest, GivesUpBeforeItCannotBeReplayed) {
  const Bytes plain = mixture(300000, 8);
  const Bytes packed = body_of(GetParam(), plain);
  auto body = InflateBody::create(*engine_, GetParam(), 70000);
  Bytes room(plain.size() + 1);
  std::size_t at = 0, made = 0;
  for (;;) {
    const auto step =
        body->run(packed.data() + at, std::min<std::size_t>(packed.size() - at, 20000),
                  room.data() + made, room.size() - made, false);
    at += step.consumed;
    made += step.produced;
    ASSERT_NE(step.code, StreamCode::end);
    if (step.failed) break;
  }
  EXPECT_EQ(at, 70000u);
  EXPECT_TRUE(std::equal(body->replay().begin(), body->replay().end(), packed.begin()));
  EXPECT_EQ(body->delivered(), made);
}

TEST_P(InflateBodyTest, LeavesBadDataToSoftware) {
  const Bytes plain = text(5000);
  Bytes packed = body_of(GetParam(), plain);
  packed[packed.size() / 2] ^= 0x55;
  packed.back() ^= 1;
  auto body = InflateBody::create(*engine_, GetParam());
  Bytes room(10000);
  const auto step = body->run(packed.data(), packed.size(), room.data(), room.size(), true);
  if (GetParam() != Format::raw) {
    EXPECT_TRUE(step.failed);
  }
}

TEST_P(InflateBodyTest, GoesOnInAForkedChild) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  // The engine in the test keeps its state beside the context, so that parent and child each have
  // it.
  const Bytes plain = text(30000);
  const Bytes packed = body_of(GetParam(), plain);
  auto body = InflateBody::create(*engine_, GetParam());
  Bytes room(plain.size() + 1);
  const auto first = body->run(packed.data(), packed.size() / 2, room.data(), room.size(), false);
  ASSERT_FALSE(first.failed);
  const auto finished = [&] {
    const auto last = body->run(packed.data() + first.consumed, packed.size() - first.consumed,
                                room.data() + first.produced, room.size() - first.produced, true);
    return last.code == StreamCode::end && std::equal(plain.begin(), plain.end(), room.begin());
  };
  EXPECT_EQ(wd::test::in_child([&] { return finished() ? 0 : 1; }), 0);
  EXPECT_TRUE(finished());
}

}  // namespace
