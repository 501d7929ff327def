// Devices that do not share our addresses: everything goes by way of memory that they know.
#include "memory/static_share.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "fixtures/fake_uacce.hpp"
#include "fixtures/fake_zip.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "hisi/zip/engine.hpp"

namespace {

using wd::QueueFile;
using wd::StaticShare;
using wd::hisi::zip::Engine;
using wd::hisi::zip::MessageEnd;
using wd::test::Bytes;
using wd::test::FakeUacce;
using wd::test::FakeZip;

constexpr std::size_t kUnit = StaticShare::kUnitBytes;

class StaticShareTest : public testing::Test {
 protected:
  ~StaticShareTest() override { StaticShare::destroy(share_, false); }

  bool create(std::size_t units) {
    const auto info = wd::read_device(calls_, fake_.roots(), "hisi_zip-0");
    file_.emplace(std::move(*QueueFile::open(calls_, fake_.roots(), *info, wd::QueueKind{0}, 128)));
    const auto made = StaticShare::create(*file_, units * kUnit);
    if (made) share_ = *made;
    return made.has_value();
  }

  FakeUacce fake_;
  wd::SystemCalls calls_ = fake_.calls();
  std::optional<QueueFile> file_;
  StaticShare* share_ = nullptr;
};

TEST_F(StaticShareTest, GivesBlocksWithTheDevicesAddresses) {
  fake_.share_slices = {0x10000000 | 2, 0x50000000 | 3};
  ASSERT_TRUE(create(5));
  const auto first = share_->take(1);
  EXPECT_EQ(first.at, fake_.share);
  EXPECT_EQ(first.device_address, 0x10000000u);
  EXPECT_EQ(first.bytes, kUnit);
  // Two units in one piece: not across the slices.
  const auto second = share_->take(kUnit + 1);
  EXPECT_EQ(second.at, fake_.share + 2 * kUnit);
  EXPECT_EQ(second.device_address, 0x50000000u);
  const auto third = share_->take(kUnit);
  EXPECT_EQ(third.device_address, 0x10010000u);
  EXPECT_FALSE(share_->take(kUnit + 1));
  EXPECT_TRUE(share_->take(1));
  EXPECT_FALSE(share_->take(1));
  second.at[5] = std::byte{7};
  share_->give_back(second);
  EXPECT_EQ(second.at[5], std::byte{0});
  EXPECT_TRUE(share_->take(2 * kUnit));
  EXPECT_EQ(share_->longest_block_bytes(), 3 * kUnit);
}

TEST_F(StaticShareTest, JoinsSlicesThatFollowOneAnother) {
  fake_.share_slices = {0x10000000 | 1, 0x10010000 | 1};
  ASSERT_TRUE(create(2));
  EXPECT_EQ(share_->longest_block_bytes(), 2 * kUnit);
  EXPECT_TRUE(share_->take(2 * kUnit));
}

TEST_F(StaticShareTest, RefusesWhatKernelsMayNotSay) {
  for (const std::vector<std::uint64_t>& slices :
       {std::vector<std::uint64_t>{}, {0x10000000}, {2}, {0x10000000 | 1, 0x20000000 | 1}}) {
    fake_.share_slices = slices;
    EXPECT_FALSE(create(4));
    file_.reset();
  }
  fake_.share_slices = {0x10000000 | 4};
  EXPECT_FALSE(create(0));
}

TEST(ZipEngineWithoutSharedAddresses, CopiesThroughTheShare) {
  FakeUacce fake;
  FakeZip zip(fake);
  constexpr std::uint64_t kDeviceBase = 0x7000000000;
  fake.attribute("hisi_zip-0", "flags") = "0\n";
  fake.attribute("hisi_zip-0", "api") = "hisi_qm_v3_noiommu\n";
  fake.share_slices = {kDeviceBase | 0xfff};
  zip.translate = [&](std::uint64_t address) -> std::uint8_t* {
    EXPECT_GE(address, kDeviceBase);
    return reinterpret_cast<std::uint8_t*>(fake.share) + (address - kDeviceBase);
  };
  const wd::SystemCalls calls = fake.calls();
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  settings.least_work_bytes = 0;
  Engine* engine = *Engine::create(settings);
  const Bytes plain = wd::test::mixture(200000);
  Bytes packed(300000), back(200000);
  const auto made = engine->compress({.format = wd::Format::gzip}, plain.data(), plain.size(),
                                     packed.data(), packed.size());
  ASSERT_EQ(made.end, MessageEnd::done);
  packed.resize(made.produced);
  EXPECT_EQ(wd::test::reference_decompress(wd::Format::gzip, packed, plain.size()), plain);
  const auto read = engine->decompress({.format = wd::Format::gzip}, packed.data(), packed.size(),
                                       back.data(), back.size());
  ASSERT_EQ(read.end, MessageEnd::done);
  EXPECT_EQ(back, plain);
  Engine::destroy(engine);
  EXPECT_EQ(fake.open_files(), 0);
}

// As kernels allot it: in slices that do not follow one another, each as large as they have memory
// in one piece.
TEST(ZipEngineWithoutSharedAddresses, CutsLongMessagesIntoPiecesThatFit) {
  FakeUacce fake;
  FakeZip zip(fake);
  zip.keep_seen = false;
  constexpr std::uint64_t kSliceUnits = 4;
  constexpr std::uint64_t kSliceBytes = kSliceUnits * kUnit;
  constexpr std::uint64_t kGap = 0x1000000;
  fake.attribute("hisi_zip-0", "flags") = "0\n";
  for (std::uint64_t i = 1; i <= 100; ++i) fake.share_slices.push_back(i * kGap | kSliceUnits);
  zip.translate = [&](std::uint64_t address) -> std::uint8_t* {
    EXPECT_LT(address % kGap, kSliceBytes);
    return reinterpret_cast<std::uint8_t*>(fake.share) + (address / kGap - 1) * kSliceBytes +
           address % kGap;
  };
  const wd::SystemCalls calls = fake.calls();
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  settings.least_work_bytes = 0;
  const Bytes plain = wd::test::mixture(9 << 20);
  for (const wd::Format format : {wd::Format::zlib, wd::Format::gzip, wd::Format::raw}) {
    // The fake kernel has one share, the last queue's.
    Engine* engine = *Engine::create(settings);
    Bytes packed(plain.size() + (1 << 20)), back(plain.size());
    const auto made = engine->compress({.format = format}, plain.data(), plain.size(),
                                       packed.data(), packed.size());
    ASSERT_EQ(made.end, MessageEnd::done) << static_cast<int>(format);
    packed.resize(made.produced);
    EXPECT_EQ(wd::test::reference_decompress(format, packed, plain.size()), plain);
    const auto read = engine->decompress({.format = format}, packed.data(), packed.size(),
                                         back.data(), back.size());
    ASSERT_EQ(read.end, MessageEnd::done);
    EXPECT_EQ(back, plain);
    Engine::destroy(engine);
  }
}

TEST(ZipEngineWithoutSharedAddresses, IsUnavailableWithoutAShare) {
  FakeUacce fake;
  fake.attribute("hisi_zip-0", "flags") = "0\n";
  const wd::SystemCalls calls = fake.calls();
  wd::hisi::zip::EngineSettings settings;
  settings.calls = &calls;
  settings.roots = FakeUacce::roots();
  settings.least_work_bytes = 0;
  Engine* engine = *Engine::create(settings);
  Bytes room(100);
  EXPECT_EQ(engine->compress({}, room.data(), 10, room.data() + 50, 50).refusal,
            wd::hisi::Refusal::unavailable);
  Engine::destroy(engine);
  EXPECT_EQ(fake.open_files(), 0);
}

}  // namespace
