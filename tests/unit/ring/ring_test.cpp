#include "ring/ring.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <vector>

#include "fixtures/ring_memory.hpp"
#include "fixtures/sample_bytes.hpp"

namespace {

using wd::ring::Health;
using wd::ring::Ring;
using wd::ring::SlotState;
using wd::ring::Tag;
using wd::test::RingMemory;
using wd::test::Seeded;
using Submitted = Ring::Submitted;

class RingTest : public testing::Test {
 protected:
  static constexpr std::uint16_t kSlots = 8;

  Submitted submit(Tag& tag) {
    return ring_.submit(tag, [](Tag given, std::byte* shared_slot) noexcept {
      std::memset(shared_slot, 0, 128);
      std::memcpy(shared_slot, &given, sizeof(given));
    });
  }
  unsigned take(std::vector<Tag>* seen = nullptr) {
    return ring_.take([&](Tag tag, const std::byte* shared_slot) noexcept {
      if (seen != nullptr) seen->push_back(tag);
      Tag stored = 0;
      std::memcpy(&stored, shared_slot, sizeof(stored));
      return stored == tag;
    });
  }
  static std::uint16_t index_of(Tag tag) { return static_cast<std::uint16_t>(Ring::index_of(tag)); }

  RingMemory device_{kSlots};
  Ring ring_{device_.memory(), device_.records()};
};

TEST_F(RingTest, RingsTheNewTail) {
  Tag tag = 0;
  ASSERT_EQ(submit(tag), Submitted::yes);
  EXPECT_EQ(device_.doorbells.back(), 0x0000'0001'0000'0005u);
  for (int i = 1; i < kSlots - 1; ++i) ASSERT_EQ(submit(tag), Submitted::yes);
  EXPECT_EQ(device_.doorbells.back(), 0x0000'0007'0000'0005u);
}

TEST_F(RingTest, KeepsOneSlotFree) {
  Tag tag = 0;
  for (int i = 0; i < kSlots - 1; ++i) ASSERT_EQ(submit(tag), Submitted::yes);
  const std::size_t rung = device_.doorbells.size();
  EXPECT_EQ(submit(tag), Submitted::full);
  EXPECT_EQ(device_.doorbells.size(), rung);
  EXPECT_EQ(ring_.health(), Health::running);
}

TEST_F(RingTest, NeverGivesATagTwiceInSuccession) {
  std::vector<Tag> tags;
  for (int i = 0; i < 5 * kSlots; ++i) {
    Tag tag = 0;
    ASSERT_EQ(submit(tag), Submitted::yes);
    for (const Tag old : tags) EXPECT_NE(tag, old);
    EXPECT_NE(tag, 0u);
    tags.push_back(tag);
    device_.complete(index_of(tag));
    ASSERT_EQ(take(), 1u);
    ring_.release(tag);
  }
}

TEST_F(RingTest, ToldOfNothingFindsNothingAndRingsNothing) {
  Tag tag = 0;
  ASSERT_EQ(submit(tag), Submitted::yes);
  const std::size_t rung = device_.doorbells.size();
  EXPECT_EQ(take(), 0u);
  EXPECT_EQ(device_.doorbells.size(), rung);
  EXPECT_EQ(ring_.state_of(tag), SlotState::flying);
}

TEST_F(RingTest, CopiesBeforeItTellsTheDevice) {
  Tag tag = 0;
  ASSERT_EQ(submit(tag), Submitted::yes);
  device_.complete(index_of(tag));
  const std::size_t rung = device_.doorbells.size();
  ring_.take([&](Tag, const std::byte*) noexcept {
    EXPECT_EQ(device_.doorbells.size(), rung);
    return true;
  });
  ASSERT_EQ(device_.doorbells.size(), rung + 1);
  EXPECT_EQ(device_.doorbells.back(), 0x0000'0001'0000'1005u);
  EXPECT_EQ(ring_.state_of(tag), SlotState::answered);
}

TEST_F(RingTest, TellsTheDeviceOnceForMany) {
  Tag tag = 0;
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(submit(tag), Submitted::yes);
    device_.complete(static_cast<std::uint16_t>(i));
  }
  const std::size_t rung = device_.doorbells.size();
  EXPECT_EQ(take(), 4u);
  ASSERT_EQ(device_.doorbells.size(), rung + 1);
  EXPECT_EQ(device_.acknowledged, 4);
}

TEST_F(RingTest, DoesNotReuseASlotWhoseAnswerWaits) {
  Tag first = 0;
  ASSERT_EQ(submit(first), Submitted::yes);
  device_.complete(index_of(first));
  take();
  for (int i = 1; i < kSlots; ++i) {
    Tag tag = 0;
    ASSERT_EQ(submit(tag), Submitted::yes) << i;
    device_.complete(index_of(tag));
    take();
    ring_.release(tag);
  }
  Tag tag = 0;
  EXPECT_EQ(submit(tag), Submitted::full);
  EXPECT_EQ(ring_.state_of(first), SlotState::answered);
  ring_.release(first);
  EXPECT_EQ(submit(tag), Submitted::yes);
  EXPECT_EQ(ring_.state_of(first), SlotState::idle);
}

TEST_F(RingTest, ArmsUntilItIsDisarmed) {
  Tag tag = 0;
  ring_.arm();
  EXPECT_EQ(device_.doorbells.back(), 0x0001'0000'0000'1005u);
  ASSERT_EQ(submit(tag), Submitted::yes);
  EXPECT_EQ(device_.doorbells.back() >> 48, 0u);  // submissions never do
  device_.complete(index_of(tag));
  take();
  EXPECT_EQ(device_.doorbells.back(), 0x0001'0001'0000'1005u);
  ring_.disarm();
  ring_.release(tag);
  ASSERT_EQ(submit(tag), Submitted::yes);
  device_.complete(index_of(tag));
  take();
  EXPECT_EQ(device_.doorbells.back(), 0x0000'0002'0000'1005u);
}

TEST_F(RingTest, TakesCompletionsBetweenTheTwoStops) {
  Tag first = 0, second = 0;
  ASSERT_EQ(submit(first), Submitted::yes);
  ASSERT_EQ(submit(second), Submitted::yes);
  device_.stop_submissions();
  Tag refused = 0;
  EXPECT_EQ(submit(refused), Submitted::refused);
  EXPECT_EQ(ring_.health(), Health::stopping);
  device_.complete(index_of(first));
  EXPECT_EQ(take(), 1u);
  device_.complete(index_of(second));
  device_.stop_completions();
  const std::size_t rung = device_.doorbells.size();
  EXPECT_EQ(take(), 0u);
  EXPECT_EQ(ring_.health(), Health::stopped);
  EXPECT_EQ(device_.doorbells.size(), rung);
  ring_.lose_all();
  EXPECT_EQ(ring_.state_of(first), SlotState::answered);
  EXPECT_EQ(ring_.state_of(second), SlotState::lost);
}

TEST_F(RingTest, BreaksOnASlotThatIsNone) {
  Tag tag = 0;
  ASSERT_EQ(submit(tag), Submitted::yes);
  device_.complete(kSlots);
  EXPECT_EQ(take(), 0u);
  EXPECT_EQ(ring_.health(), Health::broken);
  EXPECT_EQ(submit(tag), Submitted::refused);
}

TEST_F(RingTest, BreaksOnACompletionThatComesTwice) {
  Tag first = 0, second = 0;
  ASSERT_EQ(submit(first), Submitted::yes);
  ASSERT_EQ(submit(second), Submitted::yes);
  device_.complete(index_of(first));
  device_.complete(index_of(first));
  EXPECT_EQ(take(), 1u);
  EXPECT_EQ(ring_.health(), Health::broken);
  EXPECT_EQ(ring_.state_of(second), SlotState::flying);
}

TEST_F(RingTest, BreaksOnADescriptorThatIsAnotherRequests) {
  Tag tag = 0;
  ASSERT_EQ(submit(tag), Submitted::yes);
  device_.slot(0)[2] ^= std::byte{1};  // the tag's generation
  device_.complete(0);
  EXPECT_EQ(take(), 0u);
  EXPECT_EQ(ring_.health(), Health::broken);
}

// Every size, and several times around: tails, heads, phases and doorbells.
TEST(Ring, GoesRoundAtEverySize) {
  constexpr std::uint16_t kSizes[] = {2, 3, 4, 7, 64, 1024};
  for (const std::uint16_t slots : kSizes) {
    RingMemory device(slots);
    Ring ring(device.memory(), device.records());
    for (std::uint32_t i = 0; i < 3u * slots + 1; ++i) {
      Tag tag = 0;
      ASSERT_EQ(ring.submit(tag, [](Tag, std::byte*) noexcept {}), Submitted::yes);
      EXPECT_EQ(Ring::index_of(tag), i % slots);
      EXPECT_EQ(device.tail, (i + 1) % slots);
      EXPECT_EQ(ring.take([](Tag, const std::byte*) noexcept { return true; }), 0u);
      device.complete(static_cast<std::uint16_t>(i % slots));
      EXPECT_EQ(ring.take([](Tag, const std::byte*) noexcept { return true; }), 1u);
      EXPECT_EQ(device.acknowledged, (i + 1) % slots);
      ring.release(tag);
    }
  }
}

// A model of the ring: what was submitted and not completed, completed and not taken, taken and not
// released; with completions in any order.
class Model {
 public:
  explicit Model(std::uint64_t seed)
      : seeded_(seed), slots_(static_cast<std::uint16_t>(2 + seeded_.below(30))) {}

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) switch (seeded_.below(4)) {
        case 0:
          submit();
          break;
        case 1:
          complete();
          break;
        case 2:
          take();
          break;
        default:
          release();
          break;
      }
  }

 private:
  struct Request {
    Tag tag;
    std::uint8_t pattern;
  };

  bool slot_busy(std::uint16_t index) const {
    for (const auto* list : {&flying_, &completed_, &answered_})
      for (const Request& request : *list)
        if (Ring::index_of(request.tag) == index) return true;
    return false;
  }
  void submit() {
    const bool room = flying_.size() + completed_.size() + 1 < slots_ && !slot_busy(next_);
    Request request{0, seeded_.byte()};
    const Submitted submitted = ring_.submit(request.tag, [&](Tag, std::byte* slot) noexcept {
      std::memset(slot, request.pattern, 128);
    });
    ASSERT_EQ(submitted, room ? Submitted::yes : Submitted::full);
    if (!room) return;
    EXPECT_EQ(Ring::index_of(request.tag), next_);
    next_ = static_cast<std::uint16_t>((next_ + 1) % slots_);
    EXPECT_EQ(device_.tail, next_);
    flying_.push_back(request);
  }
  void complete() {
    if (flying_.empty()) return;
    const auto at = static_cast<std::ptrdiff_t>(seeded_.below(flying_.size()));
    const Request request = flying_[static_cast<std::size_t>(at)];
    flying_.erase(flying_.begin() + at);
    const auto index = static_cast<std::uint16_t>(Ring::index_of(request.tag));
    std::memset(device_.slot(index), ~request.pattern, 128);
    device_.complete(index);
    completed_.push_back(request);
  }
  void take() {
    const std::size_t expected = completed_.size();
    const unsigned taken = ring_.take([&](Tag tag, const std::byte* slot) noexcept {
      EXPECT_EQ(tag, completed_.front().tag);
      EXPECT_EQ(static_cast<std::uint8_t>(slot[127]),
                static_cast<std::uint8_t>(~completed_.front().pattern));
      answered_.push_back(completed_.front());
      completed_.pop_front();
      return true;
    });
    EXPECT_EQ(taken, expected);
    EXPECT_EQ(ring_.in_flight(), flying_.size());
    EXPECT_EQ(ring_.health(), Health::running);
    for (const Request& request : flying_)
      EXPECT_EQ(ring_.state_of(request.tag), SlotState::flying);
    for (const Request& request : answered_)
      EXPECT_EQ(ring_.state_of(request.tag), SlotState::answered);
  }
  void release() {
    if (answered_.empty()) return;
    const auto at = static_cast<std::ptrdiff_t>(seeded_.below(answered_.size()));
    const Tag tag = answered_[static_cast<std::size_t>(at)].tag;
    answered_.erase(answered_.begin() + at);
    ring_.release(tag);
    EXPECT_EQ(ring_.state_of(tag), SlotState::idle);
  }

  Seeded seeded_;
  std::uint16_t slots_;
  RingMemory device_{slots_};
  Ring ring_{device_.memory(), device_.records()};
  std::uint16_t next_ = 0;
  std::deque<Request> flying_, completed_, answered_;
};

TEST(RingModel, HoldsUnderRandomInterleavings) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Model(seed).run(2000);
    if (testing::Test::HasFailure()) return;
  }
}

// A device that writes whatever it likes: nothing outside of the rings is read (the address
// sanitizer says), and the ring either goes on or breaks.
TEST(HostileDevice, ReachesNothingBeyondTheRings) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Seeded seeded(seed);
    const auto slots = static_cast<std::uint16_t>(2 + seeded.below(20));
    RingMemory device(slots);
    device.record_doorbells = false;
    Ring ring(device.memory(), device.records());
    std::uint32_t answered = 0;
    for (int step = 0; step < 200; ++step) {
      Tag tag = 0;
      ring.submit(tag, [&](Tag, std::byte* slot) noexcept { std::memset(slot, 7, 128); });
      auto* noise = const_cast<std::byte*>(device.memory().shared_completions);
      for (std::size_t i = seeded.below(3); i > 0; --i)
        noise[seeded.below(std::size_t{slots} * 16)] = std::byte{seeded.byte()};
      std::vector<Tag> tags;
      ring.take([&](Tag taken, const std::byte* slot) noexcept {
        EXPECT_LT(Ring::index_of(taken), slots);
        EXPECT_EQ(slot[0], std::byte{7});
        tags.push_back(taken);
        return true;
      });
      answered += static_cast<std::uint32_t>(tags.size());
      for (const Tag taken : tags) ring.release(taken);
      ASSERT_LT(ring.in_flight(), slots);
    }
    EXPECT_LE(answered, 200u);
  }
}

}  // namespace
