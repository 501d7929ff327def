#include "hisi/zip/deflate_body.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "fixtures/child.hpp"
#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Flush;
using wd::Format;
using wd::StreamCode;
using wd::hisi::Refusal;
using wd::hisi::zip::DeflateBody;
using wd::hisi::zip::Engine;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;
using wd::test::mixture;
using wd::test::Seeded;
using wd::test::text;

// What a decoder makes of the beginning of a raw stream.
Bytes decoded_so_far(const Bytes& packed, std::size_t most) {
  z_stream stream{};
  ref_inflateInit2_(&stream, -15, ZLIB_VERSION, sizeof(stream));
  Bytes plain(most);
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = plain.data();
  stream.avail_out = static_cast<uInt>(plain.size());
  ref_inflate(&stream, Z_SYNC_FLUSH);
  plain.resize(stream.total_out);
  ref_inflateEnd(&stream);
  return plain;
}

// By the generation of the device: the second makes no raw bodies by itself.
class DeflateBodyTest : public testing::TestWithParam<unsigned> {
 protected:
  DeflateBodyTest() {
    if (GetParam() == 2) {
      fake_.attribute("hisi_zip-0", "api") = "hisi_qm_v2\n";
      fake_.attribute("hisi_zip-0", "algorithms") = "zlib\ngzip";
    }
    zip_.keep_seen = false;
    start_engine();
  }
  ~DeflateBodyTest() override { Engine::destroy(engine_); }

  // Another one knows nothing of earlier faults.
  void start_engine() {
    Engine::destroy(engine_);
    wd::hisi::zip::EngineSettings settings;
    settings.calls = &calls_;
    settings.roots = FakeUacce::roots();
    settings.least_work_bytes = 0;
    settings.timeout = std::chrono::milliseconds(0);
    engine_ = *Engine::create(settings);
  }
  wd::Result<DeflateBody> create() { return DeflateBody::create(*engine_, 15); }

  // Runs until all of it is taken and what is asked for is out.
  void feed(DeflateBody& body, const Bytes& plain, Bytes& packed, Flush flush, std::size_t room) {
    std::size_t at = 0;
    for (int turn = 0; turn < 100000; ++turn) {
      Bytes out(room);
      const auto step =
          body.run(plain.data() + at, plain.size() - at, out.data(), out.size(), flush);
      ASSERT_FALSE(step.failed);
      at += step.consumed;
      packed.insert(packed.end(), out.begin(),
                    out.begin() + static_cast<std::ptrdiff_t>(step.produced));
      if (step.code == StreamCode::end) return;
      if (flush != Flush::finish && at == plain.size() && step.produced < room) return;
    }
    FAIL() << "no end";
  }

  FakeUacce fake_;
  FakeZip zip_{fake_};
  wd::SystemCalls calls_ = fake_.calls();
  Engine* engine_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Generations, DeflateBodyTest, testing::Values(2u, 3u));

TEST_P(DeflateBodyTest, IsReadByZlibWhateverTheSteps) {
  auto body = create();
  ASSERT_TRUE(body);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Seeded seeded(seed);
    body->reset();
    Bytes plain, packed;
    for (std::size_t part = seeded.below(6); part > 0; --part) {
      const Bytes more = mixture(seeded.below(seed % 5 == 0 ? 400000 : 20000), seeded.next());
      constexpr Flush kFlushes[] = {Flush::none, Flush::sync, Flush::full};
      const Flush flush = kFlushes[seeded.below(3)];
      feed(*body, more, packed, flush, 1 + seeded.below(5000));
      plain.insert(plain.end(), more.begin(), more.end());
      if (flush != Flush::none) {
        ASSERT_EQ(decoded_so_far(packed, plain.size() + 1), plain) << seed;
      }
    }
    feed(*body, {}, packed, Flush::finish, 1 + seeded.below(5000));
    EXPECT_EQ(wd::test::reference_decompress(Format::raw, packed, plain.size()), plain) << seed;
  }
}

TEST_P(DeflateBodyTest, StartsAfreshBehindAFullFlush) {
  auto body = create();
  const Bytes plain = text(5000);
  Bytes first, second;
  feed(*body, plain, first, Flush::full, 10000);
  feed(*body, plain, second, Flush::finish, 10000);
  EXPECT_EQ(wd::test::reference_decompress(Format::raw, second, plain.size()), plain);
}

TEST_P(DeflateBodyTest, AsksForNothingWithoutNews) {
  zip_.keep_seen = true;
  auto body = create();
  Bytes packed, out(100);
  feed(*body, text(500), packed, Flush::sync, 10000);
  const std::size_t asked = zip_.seen.size();
  EXPECT_EQ(body->run(nullptr, 0, out.data(), out.size(), Flush::none).code,
            StreamCode::buffer_error);
  EXPECT_EQ(body->run(nullptr, 0, out.data(), out.size(), Flush::block).code,
            StreamCode::buffer_error);
  // A flush that programs look for the marker of has one.
  const auto step = body->run(nullptr, 0, out.data(), out.size(), Flush::sync);
  EXPECT_EQ(step.code, StreamCode::ok);
  EXPECT_EQ(Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(step.produced)),
            (Bytes{0x00, 0x00, 0x00, 0xff, 0xff}));
  EXPECT_EQ(zip_.seen.size(), asked);
}

TEST_P(DeflateBodyTest, GathersSmallInput) {
  zip_.keep_seen = true;
  auto body = create();
  const Bytes plain = text(20000);
  Bytes packed;
  for (const std::uint8_t byte : plain) feed(*body, {byte}, packed, Flush::none, 100);
  EXPECT_EQ(zip_.seen.size(), 0u);
  feed(*body, {}, packed, Flush::finish, 30000);
  EXPECT_EQ(zip_.seen.size(), 2u);  // a known answer, and the whole of it
}

TEST_P(DeflateBodyTest, CanGoOnInSoftwareAfterAnyFault) {
  for (int good = 0; good < 6; ++good) {
    start_engine();
    auto body = create();
    const Bytes plain = mixture(900000, 5);
    int requests = 0;
    zip_.before = [&](const std::uint32_t* words) {
      // The known answer of a fresh queue is not counted.
      return words[4] < 2000 || requests++ < good;
    };
    Bytes packed;
    std::size_t at = 0;
    bool failed = false;
    StreamCode code = StreamCode::ok;
    while (!failed && code != StreamCode::end) {
      Bytes out(3000);
      const auto step =
          body->run(plain.data() + at, plain.size() - at, out.data(), out.size(), Flush::finish);
      at += step.consumed;
      failed = step.failed;
      code = step.code;
      packed.insert(packed.end(), out.begin(),
                    out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    }
    zip_.before = nullptr;
    if (failed) {
      while (body->pending() != 0) {
        std::uint8_t byte = 0;
        body->run(nullptr, 0, &byte, 1, Flush::none);
        packed.push_back(byte);
      }
      Bytes rest(body->unsent().begin(), body->unsent().end());
      rest.insert(rest.end(), plain.begin() + static_cast<std::ptrdiff_t>(at), plain.end());
      wd::test::ReferenceOptions options;
      options.dictionary.assign(body->history().begin(), body->history().end());
      const Bytes more = wd::test::reference_compress(Format::raw, rest, options);
      packed.insert(packed.end(), more.begin(), more.end());
    }
    EXPECT_EQ(failed, good < 4) << good;
    EXPECT_EQ(wd::test::reference_decompress(Format::raw, packed, plain.size()), plain) << good;
  }
}

TEST_P(DeflateBodyTest, CanGoOnOnAnotherQueue) {
  auto body = create();
  const Bytes plain = mixture(900000, 6);
  int requests = 0;
  zip_.before = [&](const std::uint32_t* words) { return words[4] < 2000 || ++requests % 2 == 0; };
  Bytes packed;
  std::size_t at = 0;
  int failures = 0;
  for (StreamCode code = StreamCode::ok; code != StreamCode::end;) {
    Bytes out(50000);
    const auto step =
        body->run(plain.data() + at, plain.size() - at, out.data(), out.size(), Flush::finish);
    at += step.consumed;
    code = step.code;
    if (step.failed) {
      ++failures;
      // A device that errs that often is set aside after a while.
      if (step.refusal == Refusal::set_aside) break;
    }
    packed.insert(packed.end(), out.begin(),
                  out.begin() + static_cast<std::ptrdiff_t>(step.produced));
  }
  EXPECT_GE(failures, 3);
  zip_.before = nullptr;
}

TEST_P(DeflateBodyTest, GoesOnInAForkedChild) {
  if (!wd::test::pages_are_wiped_in_a_child()) GTEST_SKIP() << "pages are not wiped at fork here";
  auto body = create();
  const Bytes plain = text(9000);
  Bytes packed;
  feed(*body, plain, packed, Flush::sync, 20000);
  feed(*body, plain, packed, Flush::none, 20000);
  const auto finished = [&] {
    Bytes whole = packed;
    feed(*body, plain, whole, Flush::finish, 20000);
    Bytes all = plain;
    all.insert(all.end(), plain.begin(), plain.end());
    all.insert(all.end(), plain.begin(), plain.end());
    return wd::test::reference_decompress(Format::raw, whole, all.size()) == all;
  };
  EXPECT_EQ(wd::test::in_child([&] { return finished() ? 0 : 1; }), 0);
  EXPECT_TRUE(finished());
}

TEST_P(DeflateBodyTest, IsNotWhereNoDeviceIs) {
  EXPECT_FALSE(DeflateBody::create(*engine_, 11));
  FakeUacce none;
  none.devices.clear();
  const wd::SystemCalls calls = none.calls();
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  Engine* engine = *Engine::create(settings);
  EXPECT_FALSE(DeflateBody::create(*engine, 15));
  Engine::destroy(engine);
}

}  // namespace
