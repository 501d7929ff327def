// A device that would write after the driver has given up on it: when a call has returned, the
// caller's memory is the caller's. Pages that nobody may touch show it; the device stores to them
// directly, so that one byte that comes late ends the test with a signal. (The thread sanitizer
// sees nothing but races there; before it the kernel stores, and a byte that comes late takes the
// device down.) The writes would come in an hour; what is still to come then is made to come at
// once, by a reset.
//
// Giving up stops the queue, which ends what is in flight: such a request may still be answered,
// and then rightly.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "hisi/emulated_engine.hpp"

namespace wd::test {
namespace {

using hisi::zip::Coding;
using hisi::zip::Direction;
using hisi::zip::MessageEnd;
using hisi::zip::Stream;
using hisi::zip::Window;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kMemory = kThreadSanitizer ? "memory=kernel" : "memory=direct";
constexpr milliseconds kTimeout{40};
constexpr auto kLate = "delay=3600000";
constexpr std::size_t kRoomBytes = 64 * 1024;

// Whole pages, open for a call and closed behind it.
class Pages {
 public:
  Pages()
      : at_(static_cast<std::uint8_t*>(mmap(nullptr, kRoomBytes, PROT_READ | PROT_WRITE,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    std::fill_n(at_, kRoomBytes, std::uint8_t{0xa5});
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { munmap(at_, kRoomBytes); }

  [[nodiscard]] std::uint8_t* data() const { return at_; }
  [[nodiscard]] Bytes contents() const { return {at_, at_ + kRoomBytes}; }
  void close() { protect(PROT_NONE); }
  void open() { protect(PROT_READ | PROT_WRITE); }

 private:
  void protect(int protection) { ASSERT_EQ(mprotect(at_, kRoomBytes, protection), 0); }
  std::uint8_t* at_;
};

class LateWrite : public testing::TestWithParam<const char*> {
 protected:
  // One queue in each direction is open and has proved itself before the fault begins.
  void begin(const std::string& fault) {
    engine_ = std::make_unique<EmulatedEngine>(
        std::string("hisi_zip:reset_time=0:") + kMemory + ":api=" + GetParam(), kTimeout);
    ASSERT_TRUE(soon([&] { return engine_->round_trips(plain_); }));
    ASSERT_EQ(devices().control(kLate), 0);
    ASSERT_EQ(devices().control("fault=" + fault), 0);
    began_ = steady_clock::now();
  }
  [[nodiscard]] const Emulated& devices() const { return engine_->devices(); }

  // Nothing is written behind the call: not when all that the device still has to do is done.
  void expect_untouched(Pages& pages) {
    const Bytes left = pages.contents();
    pages.close();
    ASSERT_EQ(devices().control("fault="), 0);
    const long resets = devices().count("resets");
    ASSERT_EQ(devices().control("reset"), 0);
    // The device's one thread has been with all queues before it has ended these.
    for (int turn = 0; turn < 2; ++turn)
      EXPECT_TRUE(soon([&] { return engine_->round_trips(plain_); }));
    EXPECT_EQ(devices().count("resets"), resets + 1);
    pages.open();
    EXPECT_TRUE(pages.contents() == left);
  }
  // Only what is late takes as long.
  void expect_given_up() const { EXPECT_GE(steady_clock::now() - began_, kTimeout); }
  // And the device works again, into the same pages.
  void expect_recovered(Pages& pages) {
    EXPECT_TRUE(soon([&] {
      const auto answer = (*engine_)->compress({.format = Format::gzip}, plain_.data(),
                                               plain_.size(), pages.data(), kRoomBytes);
      if (answer.end != MessageEnd::done) return false;
      const Bytes packed(pages.data(), pages.data() + answer.produced);
      return reference_decompress(Format::gzip, packed, plain_.size()) == plain_;
    }));
  }

  const Bytes plain_ = mixture(30'000);
  std::unique_ptr<EmulatedEngine> engine_;
  steady_clock::time_point began_;
};

INSTANTIATE_TEST_SUITE_P(Generations, LateWrite, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(LateWrite, SparesTheOutputOfACompressedMessage) {
  begin("late_write@1+");
  Pages out;
  const auto answer = (*engine_)->compress({.format = Format::zlib}, plain_.data(), plain_.size(),
                                           out.data(), kRoomBytes);
  EXPECT_TRUE(answer.end == MessageEnd::done || answer.end == MessageEnd::fault);
  expect_given_up();
  expect_untouched(out);
  if (answer.end == MessageEnd::done) {
    const Bytes packed(out.data(), out.data() + answer.produced);
    EXPECT_TRUE(reference_decompress(Format::zlib, packed, plain_.size()) == plain_);
  }
  expect_recovered(out);
}

TEST_P(LateWrite, SparesTheOutputOfADecompressedMessage) {
  const Bytes packed = reference_compress(Format::gzip, plain_);
  begin("late_write@1+");
  Pages out;
  const auto answer = (*engine_)->decompress({.format = Format::gzip}, packed.data(), packed.size(),
                                             out.data(), kRoomBytes);
  EXPECT_TRUE(answer.end == MessageEnd::done || answer.end == MessageEnd::fault);
  expect_given_up();
  expect_untouched(out);
  if (answer.end == MessageEnd::done) {
    EXPECT_TRUE(std::equal(plain_.begin(), plain_.end(), out.data()));
  }
  expect_recovered(out);
}

// The input is given back as well: nothing reads it any more.
TEST_P(LateWrite, LetsGoOfTheInput) {
  begin("late_write@1+");
  Pages in, out;
  std::copy(plain_.begin(), plain_.end(), in.data());
  (*engine_)->compress({.format = Format::zlib}, in.data(), plain_.size(), out.data(), kRoomBytes);
  in.close();
  expect_given_up();
  expect_untouched(out);
  in.open();
}

TEST_P(LateWrite, SparesAStreamThatIsMade) {
  begin("late_write@2");  // the second piece
  auto stream = Stream::create({Coding::zlib, Direction::compress, Window::k32, -1});
  ASSERT_TRUE(stream);
  constexpr std::size_t kPiece = 10'000;
  Bytes packed = {0x78, 0x9c};  // the engine's part begins behind the header
  for (std::size_t at = 0; at < plain_.size(); at += kPiece) {
    Pages out;
    const bool finish = at + kPiece == plain_.size();
    const auto run = [&] {
      return (*engine_)
          ->run(*stream, plain_.data() + at, kPiece, out.data(), kRoomBytes, finish)
          .step;
    };
    began_ = steady_clock::now();
    Stream::Step step = run();
    if (at == kPiece) {
      expect_given_up();
      expect_untouched(out);
    }
    // Given up is not answered: from the boundary before it, the stream goes on.
    EXPECT_TRUE(soon([&] {
      if (step.end == Stream::End::fault) step = run();
      return step.end != Stream::End::fault;
    }));
    ASSERT_EQ(step.consumed, kPiece);
    packed.insert(packed.end(), out.data(), out.data() + step.produced);
  }
  EXPECT_TRUE(reference_decompress(Format::zlib, packed, plain_.size()) == plain_);
}

TEST_P(LateWrite, SparesAStreamThatIsRead) {
  const Bytes packed = reference_compress(Format::zlib, plain_);
  begin("late_write@1");
  auto stream = Stream::create({Coding::zlib, Direction::decompress, Window::k32, -1});
  ASSERT_TRUE(stream);
  Pages out;
  const auto step =
      (*engine_)
          ->run(*stream, packed.data() + 2, packed.size() - 2, out.data(), kRoomBytes, true)
          .step;
  expect_given_up();
  expect_untouched(out);
  EXPECT_TRUE(step.end == Stream::End::complete || step.end == Stream::End::fault);
  EXPECT_TRUE(std::equal(out.data(), out.data() + step.produced, plain_.begin()));
  if (step.end == Stream::End::complete) {
    EXPECT_EQ(step.produced, plain_.size());
  }
}

// With its stream dropped right behind the call: what the device worked in goes back to the system.
TEST_P(LateWrite, IsNotIntoAStreamThatIsGone) {
  begin("late_write@1+");
  Pages out;
  {
    auto stream = Stream::create({Coding::zlib, Direction::compress, Window::k32, -1});
    ASSERT_TRUE(stream);
    (*engine_)->run(*stream, plain_.data(), plain_.size(), out.data(), kRoomBytes, true);
  }
  expect_given_up();
  expect_untouched(out);
}

// The device is reset while the request is in flight and its output still to come.
TEST_P(LateWrite, DoesNotComeAfterAReset) {
  for (const char* reset : {"reset", "reset=blocked"}) {
    SCOPED_TRACE(reset);
    begin("late_write@1+");
    Pages out;
    // With nothing to do the device's thread sleeps; the next time, it has seen the request.
    ASSERT_TRUE(soon([&] { return devices().count("threads_asleep") == 1; }));
    const long before = devices().count("sleeps");
    std::thread breaker([&] {
      EXPECT_TRUE(soon([&] { return devices().count("sleeps") > before; }));
      EXPECT_EQ(devices().control(reset), 0);
    });
    const auto answer = (*engine_)->compress({.format = Format::zlib}, plain_.data(), plain_.size(),
                                             out.data(), kRoomBytes);
    EXPECT_TRUE(answer.end == MessageEnd::fault || answer.end == MessageEnd::done);
    breaker.join();
    expect_untouched(out);
    expect_recovered(out);
  }
}

}  // namespace
}  // namespace wd::test
