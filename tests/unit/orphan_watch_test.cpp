#include "base/orphan_watch.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace {

using wd::OrphanMark;
using wd::OrphanWatch;

struct Closer {
  void operator()(OrphanWatch* watch) const { OrphanWatch::destroy(watch); }
};
using Watch = std::unique_ptr<OrphanWatch, Closer>;

// What is held: it counts how often it was released.
struct Held {
  int released = 0;
};
void release(const void* by, void* held) noexcept {
  EXPECT_EQ(by, held);
  ++static_cast<Held*>(held)->released;
}
bool watch(OrphanWatch& over, OrphanMark& mark, Held& held) {
  return over.watch(mark, &held, &held, release);
}

TEST(OrphanWatch, LeavesToItsOwnerWhatTheOwnerReleases) {
  const Watch over(OrphanWatch::create());
  OrphanMark mark;
  Held held;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(watch(*over, mark, held));
    EXPECT_EQ(over->watched(), 1u);
    over->forget(mark);
    EXPECT_EQ(over->watched(), 0u);
  }
  over->forget(mark);
  EXPECT_EQ(held.released, 0);
}

TEST(OrphanWatch, TakesNoMoreThanItMayWhileAllOwnersAreThere) {
  const Watch over(OrphanWatch::create());
  std::vector<OrphanMark> marks(OrphanWatch::kMost + 50);
  std::vector<Held> held(marks.size());
  for (std::size_t i = 0; i < marks.size(); ++i)
    EXPECT_EQ(watch(*over, marks[i], held[i]), i < OrphanWatch::kMost) << i;
  for (const Held& one : held) EXPECT_EQ(one.released, 0);
  over->forget(marks[7]);
  EXPECT_TRUE(watch(*over, marks.back(), held.back()));
  for (OrphanMark& mark : marks) over->forget(mark);
  EXPECT_EQ(over->watched(), 0u);
}

TEST(OrphanWatch, SeesThatAPlaceHasANewOwner) {
  const Watch over(OrphanWatch::create());
  OrphanMark mark;
  std::vector<Held> held(100);
  for (Held& one : held) {
    mark = {};  // an arena that was dropped, and given out again
    ASSERT_TRUE(watch(*over, mark, one));
    EXPECT_EQ(over->watched(), 1u);
  }
  for (std::size_t i = 0; i < held.size(); ++i) EXPECT_EQ(held[i].released, i + 1 < held.size());
  over->forget(mark);
}

class Orphans : public testing::TestWithParam<bool> {};

// Their memory is somebody else's, or nobody's any more.
TEST_P(Orphans, AreReleasedOnceThereAreMany) {
  const bool unmapped = GetParam();
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  constexpr int kOwners = 500;
  std::vector<Held> held(kOwners);
  const Watch over(OrphanWatch::create());
  std::vector<void*> pages;
  unsigned most = 0;
  for (Held& one : held) {
    void* at = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(at, MAP_FAILED);
    pages.push_back(at);
    ASSERT_TRUE(watch(*over, *static_cast<OrphanMark*>(at), one));
    most = std::max(most, over->watched());
    if (unmapped)
      ASSERT_EQ(mprotect(at, page, PROT_NONE), 0);
    else
      std::memset(at, 0x57, page);
  }
  int released = 0;
  for (const Held& one : held) {
    EXPECT_LE(one.released, 1);
    released += one.released;
  }
  EXPECT_EQ(static_cast<unsigned>(kOwners - released), over->watched());
  EXPECT_LT(most, OrphanWatch::kMost);
  for (void* at : pages) munmap(at, page);
}
INSTANTIATE_TEST_SUITE_P(WhoseMemoryIs, Orphans, testing::Values(false, true));

TEST(OrphanWatch, ReleasesAtItsEndWhatIsStillWatched) {
  Held held;
  OrphanMark mark;
  {
    const Watch over(OrphanWatch::create());
    ASSERT_TRUE(watch(*over, mark, held));
  }
  EXPECT_EQ(held.released, 1);
}

TEST(OrphanWatch, KeepsApartWhatThreadsHold) {
  const Watch over(OrphanWatch::create());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      std::vector<Held> held(200);
      // Half of the owners stay, the others go without a word; their memory is used again.
      std::vector<OrphanMark> marks(8);
      for (std::size_t i = 0; i < held.size(); ++i) {
        OrphanMark& mark = marks[i % marks.size()];
        if (i % 2 == 0)
          over->forget(mark);
        else
          mark.value = ~mark.value;
        ASSERT_TRUE(watch(*over, mark, held[i]));
      }
      for (OrphanMark& mark : marks) over->forget(mark);
      for (std::size_t i = 0; i + marks.size() < held.size(); ++i)
        EXPECT_EQ(held[i].released, i % 2) << i;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(over->watched(), 0u);
}

}  // namespace
