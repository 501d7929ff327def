// A thousand queues, opened and closed: nothing is left of them, neither descriptors nor mappings
// nor, on the device's side, queues.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "hisi/emulated_engine.hpp"

namespace wd::test {
namespace {

long descriptors() {
  const std::filesystem::directory_iterator folder("/proc/self/fd");
  return std::distance(begin(folder), end(folder));
}

long mappings() {
  std::ifstream maps("/proc/self/maps");
  long count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

class ManyQueues : public testing::TestWithParam<const char*> {
 protected:
  // Opens one in each direction, with an engine of their own, and closes them.
  void use_two() {
    const EngineOnDevices engine(emulated_.calls());
    ASSERT_EQ(engine.compresses(Format::zlib, plain_), EngineOnDevices::Outcome::right);
    ASSERT_EQ(engine.decompresses(Format::gzip, plain_), EngineOnDevices::Outcome::right);
    ASSERT_EQ((*engine).pool().held(), 2u);
    if (largest_ == 0) largest_ = descriptors();
  }

  const Emulated emulated_{std::string("hisi_zip:api=") + GetParam()};
  const Bytes plain_ = text(2000);
  long largest_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Generations, ManyQueues, testing::Values("v2", "v3"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(ManyQueues, LeaveNothingBehind) {
  constexpr int kWarmUp = 10, kEngines = 500;
  for (int i = 0; i < kWarmUp; ++i) use_two();
  const long descriptors_before = descriptors();
  const long mappings_before = mappings();
  EXPECT_LT(descriptors_before, largest_);
  for (int i = 0; i < kEngines; ++i) {
    use_two();
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(descriptors(), descriptors_before);
  // Allocators and sanitizers come and go with some of theirs.
  EXPECT_LT(mappings(), mappings_before + 20);
  EXPECT_EQ(emulated_.count("free_queues"), 64);
}

// The same of queues that one engine gives up, one after the other, because their device errs.
TEST_P(ManyQueues, LeaveNothingBehindWhenTheyFail) {
  constexpr int kFaults = 100;
  use_two();
  const long descriptors_without = descriptors();
  EngineOnDevices engine(emulated_.calls(), std::chrono::milliseconds(2));
  ASSERT_TRUE(soon([&] { return engine.round_trips(plain_); }));
  const long mappings_before = mappings();
  int faults = 0;
  for (int i = 0; i < kFaults; ++i) {
    ASSERT_EQ(emulated_.control(i % 2 == 0 ? "fault=lost@1" : "fault=stop@1"), 0);
    faults += engine.round_trips(plain_) ? 0 : 1;
    ASSERT_EQ(emulated_.control("fault="), 0);
    ASSERT_TRUE(soon([&] { return engine.round_trips(plain_); }));
  }
  EXPECT_GT(faults, 0);
  const long held = (*engine).pool().held();
  EXPECT_EQ(emulated_.count("free_queues"), 64 - held);
  engine.end();
  EXPECT_LT(mappings(), mappings_before + 20);
  EXPECT_EQ(descriptors(), descriptors_without);
  EXPECT_EQ(emulated_.count("free_queues"), 64);
}

}  // namespace
}  // namespace wd::test
