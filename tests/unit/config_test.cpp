#include "wd/config.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using wd::BackendChoice;
using wd::CompressionChoice;
using wd::Config;
using wd::Errc;
using wd::LogLevel;

// The value of `member` after setting `key`.
template <class Value>
Value set_to(std::string_view key, std::string_view value, Value Config::*member) {
  Config config;
  const wd::Result<void> done = config.set(key, value);
  EXPECT_TRUE(done) << done.error().text;
  return config.*member;
}

TEST(Config, StartsWithTheDefaults) {
  const Config config;
  EXPECT_EQ(config.backend, BackendChoice::automatic);
  EXPECT_EQ(config.compression, CompressionChoice::standard);
  EXPECT_EQ(config.log, LogLevel::error);
  EXPECT_STREQ(config.stats, "");
}

TEST(Config, TakesEveryValueOfEveryKey) {
  EXPECT_EQ(set_to("backend", "auto", &Config::backend), BackendChoice::automatic);
  EXPECT_EQ(set_to("backend", "software", &Config::backend), BackendChoice::software);
  EXPECT_EQ(set_to("backend", "hisi", &Config::backend), BackendChoice::hisi);
  EXPECT_EQ(set_to("compression", "default", &Config::compression), CompressionChoice::standard);
  EXPECT_EQ(set_to("compression", "exact", &Config::compression), CompressionChoice::exact);
  EXPECT_EQ(set_to("log", "error", &Config::log), LogLevel::error);
  EXPECT_EQ(set_to("log", "warn", &Config::log), LogLevel::warn);
  EXPECT_EQ(set_to("log", "info", &Config::log), LogLevel::info);
  EXPECT_EQ(set_to("log", "debug", &Config::log), LogLevel::debug);
}

TEST(Config, NamesTheKeyWhoseValueItDoesNotKnow) {
  for (const char* key : {"backend", "compression", "log"})
    for (const char* value : {"", "nonsense", "Auto", "exact ", "default,exact", "warning"}) {
      Config config;
      const wd::Result<void> done = config.set(key, value);
      ASSERT_FALSE(done) << key << "=" << value;
      EXPECT_EQ(done.error().code, Errc::invalid_argument);
      EXPECT_EQ(std::string_view(done.error().text).find(key), 0u) << done.error().text;
    }
}

TEST(Config, ChangesNothingForAValueItDoesNotKnow) {
  Config config;
  config.backend = BackendChoice::hisi;
  config.compression = CompressionChoice::exact;
  config.log = LogLevel::debug;
  ASSERT_TRUE(config.set("stats", "-"));
  EXPECT_FALSE(config.set("backend", "cuda"));
  EXPECT_FALSE(config.set("compression", "best"));
  EXPECT_FALSE(config.set("log", "loud"));
  EXPECT_FALSE(config.set("stats", std::string(Config::kMaxPathBytes, 'x')));
  EXPECT_FALSE(config.set("level", "6"));
  EXPECT_EQ(config.backend, BackendChoice::hisi);
  EXPECT_EQ(config.compression, CompressionChoice::exact);
  EXPECT_EQ(config.log, LogLevel::debug);
  EXPECT_STREQ(config.stats, "-");
}

TEST(Config, KnowsNoOtherKeys) {
  for (const char* key : {"", "Backend", "backend ", "WD_BACKEND", "conf", "emulate"}) {
    Config config;
    const wd::Result<void> done = config.set(key, "auto");
    ASSERT_FALSE(done) << key;
    EXPECT_EQ(done.error().code, Errc::invalid_argument);
  }
}

TEST(Config, TakesPathsForStatisticsUpToItsRoom) {
  const std::string longest(Config::kMaxPathBytes - 1, 'x');
  Config config;
  ASSERT_TRUE(config.set("stats", longest));
  EXPECT_EQ(config.stats, longest);
  const wd::Result<void> done = config.set("stats", longest + "x");
  ASSERT_FALSE(done);
  EXPECT_STREQ(done.error().text, "stats: the path is too long");
  ASSERT_TRUE(config.set("stats", ""));
  EXPECT_STREQ(config.stats, "");
}

TEST(ConfigSet, TakesWhatDevicesAreUsedBy) {
  wd::Config config;
  EXPECT_EQ(config.max_queues, 4u);
  EXPECT_FALSE(config.verify);
  EXPECT_TRUE(config.set("max_queues", "16"));
  EXPECT_TRUE(config.set("request_timeout", "50"));
  EXPECT_TRUE(config.set("fault_window", "20"));
  EXPECT_TRUE(config.set("verify", "1"));
  EXPECT_EQ(config.max_queues, 16u);
  EXPECT_EQ(config.request_timeout_ms, 50u);
  EXPECT_EQ(config.fault_window_ms, 20u);
  EXPECT_TRUE(config.verify);
  for (const char* wrong : {"0", "17", "", "x", "-1"})
    EXPECT_FALSE(config.set("max_queues", wrong));
  EXPECT_FALSE(config.set("verify", "yes"));
  // Nobody gets an emulator by a file.
  EXPECT_FALSE(config.set("emulate", "hisi_zip"));
  EXPECT_EQ(config.max_queues, 16u);
}

}  // namespace
