#include "base/log.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "fixtures/standard_error.hpp"

namespace {

using wd::LogLevel;
using wd::test::CapturedStandardError;

std::string logged(LogLevel wanted, LogLevel level) {
  wd::Config config;
  config.log = wanted;
  const CapturedStandardError captured;
  wd::log_line(config, level, "zlib", "no memory");
  return captured.text();
}

TEST(Log, WritesOneLineThatSaysWho) {
  EXPECT_EQ(logged(LogLevel::error, LogLevel::error), "wd: zlib: no memory\n");
}

TEST(Log, WritesWhatIsWantedAndWhatIsWorse) {
  for (int wanted = 0; wanted < 4; ++wanted)
    for (int level = 0; level < 4; ++level)
      EXPECT_EQ(logged(LogLevel(wanted), LogLevel(level)).empty(), level > wanted);
}

TEST(Log, KeepsErrno) {
  errno = ELOOP;
  logged(LogLevel::error, LogLevel::error);
  EXPECT_EQ(errno, ELOOP);
}

}  // namespace
