// The ring of history against a plain list of all bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "fixtures/sample_bytes.hpp"
#include "software/inflate/window.hpp"

namespace wd::inflate {
namespace {

using test::Bytes;
using test::Seeded;

// Counts what is taken, and can say that there is no more.
struct Heap {
  unsigned taken = 0;
  unsigned given_back = 0;
  bool empty = false;

  [[nodiscard]] Allocator allocator() {
    return {[](void* opaque, unsigned items, unsigned item_bytes) -> void* {
              auto* heap = static_cast<Heap*>(opaque);
              if (heap->empty) return nullptr;
              ++heap->taken;
              return std::malloc(std::size_t{items} * item_bytes);
            },
            [](void* opaque, void* address) {
              ++static_cast<Heap*>(opaque)->given_back;
              std::free(address);
            },
            this};
  }
};

class InflateWindow : public testing::Test {
 protected:
  ~InflateWindow() override { window_.release(memory_); }

  void open(int size_bits) {
    window_.reset(size_bits, memory_);
    limit_ = std::size_t{1} << size_bits;
    all_.clear();
  }
  void append(std::size_t bytes) {
    // Longer than what is remembered: it is a call's output, and the end of it counts.
    Bytes more(bytes);
    for (std::uint8_t& byte : more) byte = seeded_.byte();
    ASSERT_TRUE(window_.ensure(more.data(), memory_));
    window_.append(more.data() + more.size(), more.size());
    all_.insert(all_.end(), more.begin(), more.end());
  }
  static void expect_holds(const Window& window, const Bytes& all, std::size_t limit) {
    const std::size_t have = std::min(all.size(), limit);
    ASSERT_TRUE(window.in_use());
    ASSERT_EQ(window.have(), have);
    Bytes copy(have);
    window.copy_to(copy.data());
    ASSERT_TRUE(std::equal(copy.begin(), copy.end(), all.end() - static_cast<long>(have)));
    for (std::size_t back = 1; back <= have; back += 1 + back / 16) {
      const Span span = window.at(back);
      ASSERT_GE(span.bytes, 1u);
      ASSERT_LE(span.bytes, back);
      ASSERT_TRUE(
          std::equal(span.data, span.data + span.bytes, all.end() - static_cast<long>(back)))
          << back << " bytes back";
    }
  }
  void expect_holds() { expect_holds(window_, all_, limit_); }

  Heap heap_;
  Allocator memory_ = heap_.allocator();
  Window window_;
  Seeded seeded_{5};
  std::size_t limit_ = 0;
  Bytes all_;
};

TEST_F(InflateWindow, RemembersWhatWasAppendedLast) {
  for (int size_bits = 8; size_bits <= 15; ++size_bits) {
    open(size_bits);
    for (int times = 0; times < 60; ++times) {
      append(times % 4 == 0 ? seeded_.below(3) : seeded_.below(limit_ + limit_ / 4));
      expect_holds();
      if (HasFatalFailure()) FAIL() << "2^" << size_bits << " bytes, append " << times;
    }
  }
}

TEST_F(InflateWindow, WrapsAtEverySize) {
  open(8);
  for (std::size_t first = 0; first <= 257; ++first)
    for (const std::size_t second :
         {std::size_t{0}, std::size_t{1}, 255 - first % 256, 256 - first % 256, std::size_t{255},
          std::size_t{256}, std::size_t{257}, std::size_t{1000}}) {
      open(8);
      append(first);
      append(second);
      expect_holds();
      append(1);
      expect_holds();
      if (HasFatalFailure()) FAIL() << first << " bytes, then " << second;
    }
}

TEST_F(InflateWindow, TakesItsMemoryWithTheFirstBytesAndKeepsIt) {
  open(10);
  EXPECT_FALSE(window_.in_use());
  EXPECT_EQ(heap_.taken, 0u);
  append(5);
  append(5000);
  EXPECT_EQ(heap_.taken, 1u);
  open(10);
  EXPECT_FALSE(window_.in_use());
  EXPECT_EQ(window_.have(), 0u);
  append(5);
  EXPECT_EQ(heap_.taken, 1u);
  open(12);
  EXPECT_EQ(heap_.given_back, 1u);
  append(5);
  expect_holds();
  EXPECT_EQ(heap_.taken, 2u);
}

TEST_F(InflateWindow, SaysSoWhenThereIsNoMemory) {
  open(15);
  heap_.empty = true;
  const std::uint8_t first = 1;
  EXPECT_FALSE(window_.ensure(&first, memory_));
  heap_.empty = false;
  append(1);
  EXPECT_EQ(window_.have(), 1u);

  Window copy;
  heap_.empty = true;
  EXPECT_FALSE(copy.copy_from(window_, memory_));
}

TEST_F(InflateWindow, CopiesAreIndependent) {
  for (const std::size_t bytes : {0, 1, 255, 256, 300, 511}) {
    open(8);
    append(bytes);
    Window copy;
    ASSERT_TRUE(copy.copy_from(window_, memory_));
    const Bytes before = all_;
    append(100);
    expect_holds();
    expect_holds(copy, before, limit_);
    copy.release(memory_);
  }
  EXPECT_EQ(heap_.taken, heap_.given_back + 1);
}

TEST_F(InflateWindow, CopiesOfAnUnusedOneTakeNothing) {
  open(15);
  Window copy;
  ASSERT_TRUE(copy.copy_from(window_, memory_));
  EXPECT_FALSE(copy.in_use());
  EXPECT_EQ(heap_.taken, 0u);
}

TEST_F(InflateWindow, BorrowsARingOfTheCallers) {
  Bytes ring = test::noise(512);
  Window window;
  window.borrow(ring.data(), 9, 512);
  ASSERT_EQ(window.have(), 512u);
  // The next byte goes to the beginning, where the oldest is.
  EXPECT_EQ(window.at(512).data, ring.data());
  EXPECT_EQ(window.at(1).data, ring.data() + 511);
  window.borrow(ring.data(), 9, 0);
  EXPECT_TRUE(window.in_use());
  EXPECT_EQ(window.have(), 0u);
}

}  // namespace
}  // namespace wd::inflate
