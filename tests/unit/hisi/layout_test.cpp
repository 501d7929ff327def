#include "hisi/qm/layout.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace {

using wd::QueueFile;
using wd::hisi::generation_of;
using wd::hisi::lay_out;

class QueueLayout : public testing::Test {
 protected:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kRingBytes = 1024 * 128 + 1024 * 16;

  auto laid_out() const {
    return lay_out(generation_of(version_), dus_, mmio_, rings_, 128, kPage);
  }

  unsigned version_ = 3;
  std::vector<std::byte> memory_ = std::vector<std::byte>(kRingBytes + 0x10000 + 2 * kPage);
  QueueFile::Region dus_{memory_.data(), kRingBytes + kPage};
  QueueFile::Region mmio_{memory_.data() + kRingBytes + kPage, 0x10000};
  QueueFile::Rings rings_{128, 1024, 1024, 7};
};

TEST_F(QueueLayout, PutsCompletionsBehindSubmissionsAndFlagsAtTheEnd) {
  const auto memory = laid_out();
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->shared_submissions, dus_.shared_at);
  EXPECT_EQ(memory->shared_completions, dus_.shared_at + 1024 * 128);
  EXPECT_EQ(memory->shared_submission_stop, dus_.shared_at + dus_.bytes - 4);
  EXPECT_EQ(memory->shared_completion_stop, dus_.shared_at + dus_.bytes - 8);
  EXPECT_EQ(reinterpret_cast<volatile std::byte*>(memory->shared_doorbell),
            mmio_.shared_at + 0x1000);
  EXPECT_EQ(memory->queue, 7);
}

TEST_F(QueueLayout, KnowsTheGenerations) {
  version_ = 1;
  mmio_.bytes = kPage;
  EXPECT_EQ(reinterpret_cast<volatile std::byte*>(laid_out()->shared_doorbell),
            mmio_.shared_at + 0x340);
  EXPECT_EQ(laid_out()->layout, wd::ring::DoorbellLayout::wide);
  for (const unsigned version : {2u, 3u, 5u, 9u}) {
    EXPECT_EQ(generation_of(version).doorbell_offset, 0x1000u);
    EXPECT_EQ(generation_of(version).layout, wd::ring::DoorbellLayout::narrow);
  }
}

TEST_F(QueueLayout, RefusesADoorbellBeyondTheRegisters) {
  version_ = 2;
  mmio_.bytes = kPage;
  EXPECT_FALSE(laid_out());
}

TEST_F(QueueLayout, RefusesMemoryThatIsTooSmall) {
  dus_.bytes -= kPage;
  EXPECT_FALSE(laid_out());
}

TEST_F(QueueLayout, RefusesImpossibleRings) {
  const QueueFile::Rings impossible[] = {{64, 1024, 1024, 0},  {0, 1024, 1024, 0},
                                         {128, 0, 1024, 0},    {128, 1, 1, 0},
                                         {128, 1024, 512, 0},  {128, 65536, 65536, 0},
                                         {128, 2048, 2048, 0}, {0xffffffff, 1024, 1024, 0}};
  for (const QueueFile::Rings& rings : impossible) {
    rings_ = rings;
    EXPECT_FALSE(laid_out()) << rings.descriptor_bytes << " " << rings.submission_slots;
  }
}

}  // namespace
