#include "base/thread_scratch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "fixtures/child.hpp"

namespace {

using wd::BorrowedScratch;
using wd::ThreadScratch;
using Slot = ThreadScratch::Slot;

std::atomic<int> released{0};

void release(void*) {
  ++released;
}

// In a thread of its own, so that no test finds another's scratch.
template <class Body>
void in_thread(Body&& body) {
  std::thread(std::forward<Body>(body)).join();
}

TEST(ThreadScratch, IsLentOnceAtATime) {
  in_thread([] {
    ThreadScratch* const first = ThreadScratch::borrow();
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(ThreadScratch::borrow(), nullptr);
    first->give_back();
    EXPECT_EQ(ThreadScratch::borrow(), first);
    first->give_back();
  });
}

TEST(ThreadScratch, ComesBackAtTheEndOfAScope) {
  in_thread([] {
    {
      const BorrowedScratch outer;
      EXPECT_TRUE(outer);
      const BorrowedScratch inner;
      EXPECT_FALSE(inner);
    }
    EXPECT_TRUE(BorrowedScratch());
  });
}

TEST(ThreadScratch, BelongsToItsThread) {
  in_thread([] {
    const BorrowedScratch mine;
    ASSERT_TRUE(mine);
    in_thread([] { EXPECT_TRUE(BorrowedScratch()); });
  });
}

TEST(ThreadScratch, KeepsToolsBetweenLoans) {
  in_thread([] {
    released = 0;
    int tool = 0;
    {
      const BorrowedScratch scratch;
      EXPECT_EQ(scratch->get(Slot::compressor), nullptr);
      scratch->put(Slot::compressor, &tool, 7, release);
    }
    const BorrowedScratch scratch;
    EXPECT_EQ(scratch->get(Slot::compressor), &tool);
    EXPECT_EQ(scratch->kind(Slot::compressor), 7u);
    EXPECT_EQ(scratch->get(Slot::decompressor), nullptr);
    EXPECT_EQ(released, 0);
  });
}

TEST(ThreadScratch, ReleasesAToolThatIsReplaced) {
  in_thread([] {
    released = 0;
    int tools[2];
    const BorrowedScratch scratch;
    scratch->put(Slot::decompressor, &tools[0], 0, release);
    EXPECT_EQ(released, 0);
    scratch->put(Slot::decompressor, &tools[1], 0, release);
    EXPECT_EQ(released, 1);
    EXPECT_EQ(scratch->get(Slot::decompressor), &tools[1]);
  });
}

TEST(ThreadScratch, ReleasesAllToolsWhenItsThreadEnds) {
  released = 0;
  in_thread([] {
    static int tools[2];
    const BorrowedScratch scratch;
    scratch->put(Slot::compressor, &tools[0], 0, release);
    scratch->put(Slot::decompressor, &tools[1], 0, release);
    EXPECT_EQ(released, 0);
  });
  EXPECT_EQ(released, 2);
}

TEST(ThreadScratch, GrowsItsBufferAndKeepsIt) {
  in_thread([] {
    BorrowedScratch scratch;
    std::uint8_t* const small = scratch.buffer(1);
    ASSERT_NE(small, nullptr);
    std::memset(small, 1, 65536);  // rounded up: found by the address sanitizer if it were not
    EXPECT_EQ(scratch.buffer(65536), small);
    std::uint8_t* const large = scratch.buffer(1000000);
    ASSERT_NE(large, nullptr);
    std::memset(large, 1, 1000000);
    EXPECT_EQ(scratch.buffer(1), large);
  });
}

TEST(ThreadScratch, IsThereInAForkedChild) {
  in_thread([] {
    { const BorrowedScratch scratch; }
    EXPECT_EQ(wd::test::in_child([] { return BorrowedScratch() ? 0 : 1; }), 0);
  });
}

}  // namespace
