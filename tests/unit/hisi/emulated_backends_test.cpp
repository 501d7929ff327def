// The table of backends: which configuration gets which accelerator, and what is said where none
// can be had.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "context/backends.hpp"
#include "fixtures/reference_zlib.hpp"
#include "fixtures/sample_bytes.hpp"
#include "fixtures/scratch_folder.hpp"
#include "fixtures/standard_error.hpp"
#include "wd/context.hpp"
#include "wd/one_shot.hpp"

namespace wd::test {
namespace {

Config config_with(BackendChoice backend, const std::string& devices) {
  Config config;
  config.backend = backend;
  std::memcpy(config.emulate, devices.c_str(), devices.size() + 1);
  return config;
}

bool does_work(const Context& context) {
  const Bytes plain = text(20'000);
  Bytes packed(compress_bound(Format::zlib, plain.size()));
  const auto bytes = compress(context, Format::zlib, 6, span_of(plain), room_of(packed));
  packed.resize(bytes ? *bytes : 0);
  return reference_decompress(Format::zlib, packed, plain.size()) == plain;
}

TEST(Backends, OpenWhatIsEmulated) {
  for (const BackendChoice backend : {BackendChoice::hisi, BackendChoice::automatic}) {
    const Accelerator* accelerator = open_accelerator(config_with(backend, "hisi_zip"), "test");
    ASSERT_NE(accelerator, nullptr);
    EXPECT_EQ(accelerator->engine, Engine::hisi_zip);
    EXPECT_TRUE(accelerator->does(accelerator->world, Format::raw));
    ASSERT_NE(accelerator->left_behind, nullptr);
    EXPECT_FALSE(accelerator->left_behind(*accelerator));
    close_accelerator(accelerator);
  }
}

TEST(Backends, KnowWhatTheirDevicesDo) {
  const Accelerator* accelerator =
      open_accelerator(config_with(BackendChoice::hisi, "hisi_zip:api=v2"), "test");
  ASSERT_NE(accelerator, nullptr);
  EXPECT_FALSE(accelerator->does(accelerator->world, Format::raw));
  EXPECT_TRUE(accelerator->does(accelerator->world, Format::gzip));
  close_accelerator(accelerator);
}

TEST(Backends, OpenNothingForSoftware) {
  EXPECT_EQ(open_accelerator(config_with(BackendChoice::software, "hisi_zip"), "test"), nullptr);
  // Not even to find out that it does not exist.
  const CapturedStandardError errors;
  EXPECT_EQ(open_accelerator(config_with(BackendChoice::software, "hisi_zap"), "test"), nullptr);
  EXPECT_EQ(errors.text(), "");
}

TEST(Backends, AreNotThereWithoutADriver) {
  const ScratchFolder folder;
  const std::string nowhere = folder.path("uacce");
  Config config;
  config.backend = BackendChoice::hisi;
  config.sysfs_root = nowhere.c_str();
  const CapturedStandardError errors;
  errno = 4711;
  EXPECT_EQ(open_accelerator(config, "test"), nullptr);
  EXPECT_EQ(errno, 4711) << "the caller asked for something else";
  EXPECT_EQ(errors.text(), "") << "most machines have none";
  EXPECT_TRUE(does_work(Context(config)));
  close_accelerator(nullptr);
}

TEST(Backends, SayOnceThatAnEmulatedDeviceDoesNotExist) {
  struct Wrong {
    const char* devices;
    const char* words;
  };
  constexpr Wrong kWrong[] = {
      {"hisi_zap", "an emulated device of no kind that exists"},
      {",", "an emulated device of no kind that exists"},
      {"hisi_zip:queues=none", "an emulated device's parameters are wrong"},
      {"hisi_zip:kernel=6.1:sva=off", "an emulated device's parameters are wrong"},
  };
  for (const BackendChoice backend : {BackendChoice::hisi, BackendChoice::automatic})
    for (const Wrong& wrong : kWrong) {
      const CapturedStandardError errors;
      Context context(config_with(backend, wrong.devices), "test");
      context.enable_statistics();
      errno = 4711;
      EXPECT_EQ(context.accelerator(Algorithm::deflate, 1 << 20), nullptr);
      EXPECT_EQ(errno, 4711);
      for (int i = 0; i < 3; ++i) EXPECT_TRUE(does_work(context));
      EXPECT_EQ(errors.text(),
                "wd: test: WD_EMULATE: " + std::string(wrong.words) + "; software is used\n");
      EXPECT_EQ(context.statistics(Algorithm::deflate, Engine::hisi_zip).requests, 0u);
    }
}

TEST(Backends, AreForWorkThatIsWorthIt) {
  Context automatic(config_with(BackendChoice::automatic, "hisi_zip"));
  EXPECT_EQ(automatic.accelerator(Algorithm::deflate, kLeastDeflateBytes - 1), nullptr);
  EXPECT_NE(automatic.accelerator(Algorithm::deflate, kLeastDeflateBytes), nullptr);
  EXPECT_EQ(automatic.accelerator(Algorithm::inflate, kLeastInflateBytes - 1), nullptr);
  EXPECT_NE(automatic.accelerator(Algorithm::inflate, kLeastInflateBytes), nullptr);
  // Whoever asks for devices by name gets them for a byte; but not for nothing.
  Context forced(config_with(BackendChoice::hisi, "hisi_zip"));
  EXPECT_EQ(forced.accelerator(Algorithm::deflate, 0), nullptr);
  EXPECT_NE(forced.accelerator(Algorithm::deflate, 1), nullptr);
  EXPECT_NE(forced.accelerator(Algorithm::inflate, 1), nullptr);
}

// No queue is taken before there is 256 KiB of work for it.
TEST(Backends, TakeAQueueWhenThereIsMuchToDo) {
  Context context(config_with(BackendChoice::automatic, "hisi_zip"));
  context.enable_statistics();
  const auto requests = [&] {
    return context.statistics(Algorithm::deflate, Engine::hisi_zip).requests;
  };
  for (int i = 0; i < 12; ++i) {  // 240,000 bytes
    EXPECT_TRUE(does_work(context));
    EXPECT_EQ(requests(), 0u);
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(does_work(context));
  EXPECT_GT(requests(), 0u);
}

TEST(Backends, HaveTheConfigurationsTimeout) {
  Config config = config_with(BackendChoice::hisi, "hisi_zip:queues=1:fault=lost@2");
  config.request_timeout_ms = 300;
  Context context(config);
  context.enable_statistics();
  // The second request, behind the known answer, never comes back; the default is 10 s.
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(does_work(context));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(8));
  const auto counts = context.statistics(Algorithm::deflate, Engine::hisi_zip);
  EXPECT_EQ(counts.fallbacks[static_cast<std::size_t>(FallbackReason::device_fault)], 1u);
}

}  // namespace
}  // namespace wd::test
