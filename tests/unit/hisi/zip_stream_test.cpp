#include "hisi/zip/stream.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::Format;
using wd::hisi::Queue;
using wd::hisi::QueueSettings;
using wd::hisi::zip::Coding;
using wd::hisi::zip::coding_of;
using wd::hisi::zip::dialect_of;
using wd::hisi::zip::Direction;
using wd::hisi::zip::Lane;
using wd::hisi::zip::Stream;
using wd::hisi::zip::Window;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;
using wd::test::mixture;
using wd::test::noise;
using wd::test::Seeded;
using wd::test::text;
using End = Stream::End;

std::size_t header_bytes(Format format) {
  return format == Format::zlib ? 2 : format == Format::gzip ? 10 : 0;
}
Bytes without_header(const Bytes& packed, Format format) {
  return {packed.begin() + static_cast<std::ptrdiff_t>(header_bytes(format)), packed.end()};
}
Bytes with_header(const Bytes& body, Format format) {
  const Bytes empty = wd::test::reference_compress(format, {});
  Bytes packed(empty.begin(), empty.begin() + static_cast<std::ptrdiff_t>(header_bytes(format)));
  packed.insert(packed.end(), body.begin(), body.end());
  return packed;
}

class ZipStream : public testing::TestWithParam<Format> {
 protected:
  ~ZipStream() override { close(); }

  void close() {
    Queue::destroy(queue_);
    queue_ = nullptr;
  }
  void open(Direction direction) {
    close();
    const auto info = wd::read_device(calls_, fake_.roots(), "hisi_zip-0");
    const QueueSettings settings{static_cast<wd::QueueKind>(direction), dialect_of(3).tag_word,
                                 std::chrono::milliseconds(0)};
    queue_ = *Queue::open(calls_, fake_.roots(), *info, settings, here_);
    lane_ = std::make_unique<Lane>(*queue_, 3);
  }
  static auto create(Direction direction) {
    return Stream::create({coding_of(GetParam()), direction, Window::k32, -1});
  }

  // Steps of `in_step` and `out_step` bytes, until the stream is complete.
  Bytes drive(Stream& stream, const Bytes& in, std::size_t in_step, std::size_t out_step,
              End expected = End::complete) {
    Bytes out;
    std::size_t at = 0;
    End end = End::more;
    for (int idle = 0; end == End::more && idle < 3;) {
      const std::size_t bytes = std::min(in_step, in.size() - at);
      Bytes room(out_step);
      const Stream::Step step = stream.run(*lane_, in.data() + at, bytes, room.data(), room.size(),
                                           at + bytes == in.size());
      at += step.consumed;
      out.insert(out.end(), room.begin(),
                 room.begin() + static_cast<std::ptrdiff_t>(step.produced));
      end = step.end;
      idle = step.consumed == 0 && step.produced == 0 ? idle + 1 : 0;
    }
    EXPECT_EQ(end, expected);
    consumed_ = at;
    return out;
  }

  FakeUacce fake_;
  FakeZip zip_{fake_};
  wd::SystemCalls calls_ = fake_.calls();
  std::atomic<std::uint32_t> here_{1};
  Queue* queue_ = nullptr;
  std::unique_ptr<Lane> lane_;
  std::size_t consumed_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Formats, ZipStream,
                         testing::Values(Format::raw, Format::zlib, Format::gzip));

constexpr std::size_t kSizes[] = {0, 1, 199, 200, 201, 3000, 100000};
constexpr std::size_t kSteps[] = {1, 7, 100, 200, 201, 237, 4096, 1000000};

TEST_P(ZipStream, CompressesInStepsOfAnySize) {
  open(Direction::compress);
  auto stream = create(Direction::compress);
  ASSERT_TRUE(stream);
  for (const std::size_t size : kSizes)
    for (const std::size_t step : kSteps) {
      if (step < 200 && size > 3000) continue;
      const Bytes plain = mixture(size, size + step);
      stream->reset();
      const Bytes body = drive(*stream, plain, step, step);
      const auto back =
          wd::test::reference_decompress(GetParam(), with_header(body, GetParam()), size);
      ASSERT_TRUE(back && *back == plain) << size << " " << step;
    }
}

TEST_P(ZipStream, DecompressesInStepsOfAnySize) {
  open(Direction::decompress);
  auto stream = create(Direction::decompress);
  for (const std::size_t size : kSizes)
    for (const std::size_t step : kSteps) {
      if (step < 200 && size > 3000) continue;
      const Bytes plain = mixture(size, size + step);
      Bytes body = without_header(wd::test::reference_compress(GetParam(), plain), GetParam());
      const std::size_t body_bytes = body.size();
      body.insert(body.end(), 50, 0xa5);  // which is somebody else's
      stream->reset();
      ASSERT_EQ(drive(*stream, body, step, step), plain) << size << " " << step;
      EXPECT_EQ(consumed_, body_bytes) << size << " " << step;
    }
}

TEST_P(ZipStream, GrowsWhatCannotBeCompressed) {
  open(Direction::compress);
  auto stream = create(Direction::compress);
  const Bytes plain = noise(50000);
  const Bytes body = drive(*stream, plain, 10000, 10000);
  EXPECT_EQ(wd::test::reference_decompress(GetParam(), with_header(body, GetParam()), 50000),
            plain);
}

TEST_P(ZipStream, NeverAsksTheEngineForAnEmptyEnd) {
  open(Direction::compress);
  auto stream = create(Direction::compress);
  Bytes room(1000);
  const Bytes plain = text(300);
  const Stream::Step first =
      stream->run(*lane_, plain.data(), plain.size(), room.data(), room.size(), false);
  EXPECT_EQ(first.end, End::more);
  EXPECT_EQ(zip_.seen.size(), 1u);
  const Stream::Step last = stream->run(*lane_, nullptr, 0, room.data() + first.produced,
                                        room.size() - first.produced, true);
  EXPECT_EQ(last.end, End::complete);
  EXPECT_EQ(zip_.seen.size(), 1u);
  room.resize(first.produced + last.produced);
  EXPECT_EQ(wd::test::reference_decompress(GetParam(), with_header(room, GetParam()), 300), plain);
}

TEST_P(ZipStream, GoesOnElsewhereAfterAFault) {
  for (const Direction direction : {Direction::compress, Direction::decompress}) {
    open(direction);
    auto stream = create(direction);
    const Bytes plain = text(20000, 3);
    const Bytes in =
        direction == Direction::compress
            ? plain
            : without_header(wd::test::reference_compress(GetParam(), plain), GetParam());
    Bytes out;
    std::size_t at = 0;
    int requests = 0;
    int faults = 0;
    // Every third request is never answered, after the engine has spoilt its state.
    zip_.before = [&](const std::uint32_t* words) {
      if (++requests % 3 != 0) return true;
      std::memset(reinterpret_cast<void*>(std::uint64_t{words[23]} << 32 | words[22]), 0xff, 100);
      return false;
    };
    for (End end = End::more; end != End::complete;) {
      Bytes room(1000);
      const std::size_t bytes = std::min<std::size_t>(900, in.size() - at);
      const Stream::Step step = stream->run(*lane_, in.data() + at, bytes, room.data(), room.size(),
                                            at + bytes == in.size());
      at += step.consumed;
      out.insert(out.end(), room.begin(),
                 room.begin() + static_cast<std::ptrdiff_t>(step.produced));
      end = step.end;
      ASSERT_TRUE(end == End::more || end == End::fault || end == End::complete);
      if (end != End::fault) continue;
      ++faults;
      open(direction);
    }
    EXPECT_GT(faults, 2);
    if (direction == Direction::compress)
      EXPECT_EQ(wd::test::reference_decompress(GetParam(), with_header(out, GetParam()), 20000),
                plain);
    else
      EXPECT_EQ(out, plain);
    zip_.before = nullptr;
  }
}

TEST_P(ZipStream, TakesImpossibleCountsForAFault) {
  open(Direction::decompress);
  auto stream = create(Direction::decompress);
  const Bytes body =
      without_header(wd::test::reference_compress(GetParam(), text(1000)), GetParam());
  Bytes room(5000);
  const auto run = [&] {
    return stream->run(*lane_, body.data(), body.size(), room.data(), room.size(), true);
  };
  zip_.after = [](std::uint32_t* words) { words[1] = words[14] + 1; };
  EXPECT_EQ(run().end, End::fault);
  zip_.after = [](std::uint32_t* words) { words[0] = words[4] + 1; };
  EXPECT_EQ(run().end, End::fault);
  // It may be how a device refuses data.
  zip_.after = [](std::uint32_t* words) { words[3] = 0x77; };
  EXPECT_EQ(run().end, End::refused);
  // Neither reads, writes nor ends.
  zip_.after = [](std::uint32_t* words) { words[0] = words[1] = words[3] = 0; };
  EXPECT_EQ(run().end, End::fault);
  zip_.after = nullptr;
  EXPECT_EQ(run().end, End::complete);
}

TEST_P(ZipStream, KeepsTheLastInput) {
  open(Direction::compress);
  auto stream = create(Direction::compress);
  const Bytes plain = mixture(100000, 9);
  Seeded seeded(4);
  Bytes room(200000);
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t bytes = std::min(1 + seeded.below(20000), plain.size() - at);
    const auto step =
        stream->run(*lane_, plain.data() + at, bytes, room.data(), room.size(), false);
    ASSERT_EQ(step.consumed, bytes);
    at += bytes;
    const std::size_t kept = std::min<std::size_t>(at, 32768);
    const auto history = stream->history();
    ASSERT_EQ(history.size(), kept);
    EXPECT_TRUE(std::equal(history.begin(), history.end(),
                           plain.begin() + static_cast<std::ptrdiff_t>(at - kept)));
  }
}

TEST_P(ZipStream, NoticesADamagedTrailer) {
  if (GetParam() == Format::raw) return;
  open(Direction::decompress);
  auto stream = create(Direction::decompress);
  Bytes body = without_header(wd::test::reference_compress(GetParam(), text(1000)), GetParam());
  body.back() ^= 1;
  Bytes room(5000);
  EXPECT_EQ(stream->run(*lane_, body.data(), body.size(), room.data(), room.size(), true).end,
            End::bad_check);
}

}  // namespace
