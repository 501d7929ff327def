#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>

#include "context/served.hpp"
#include "context/statistics_line.hpp"
#include "fixtures/child.hpp"
#include "fixtures/scratch_folder.hpp"
#include "fixtures/standard_error.hpp"
#include "wd/context.hpp"

namespace {

using wd::Algorithm;
using wd::Config;
using wd::Context;
using wd::Engine;
using wd::FallbackReason;
using wd::test::CapturedStandardError;
using wd::test::in_child;
using wd::test::ScratchFolder;

class StatisticsFile : public testing::Test {
 protected:
  // A Context that counted two requests and ended.
  static void count_and_end(const std::string& stats, bool served = true) {
    Config config;
    ASSERT_TRUE(config.set("stats", stats));
    const Context context(config, "tester");
    if (!served) return;
    wd::count_served(context, Algorithm::deflate, Engine::libdeflate, 1000, 300);
    wd::count_served(context, Algorithm::inflate, Engine::zlib, 7, 8);
    wd::count_fallback(context, Algorithm::inflate, Engine::zlib, FallbackReason::unsupported);
    wd::count_fallback(context, Algorithm::inflate, Engine::zlib, FallbackReason::does_not_fit);
    wd::count_fallback(context, Algorithm::inflate, Engine::zlib, FallbackReason::unsupported);
  }

  static std::string expected_line() {
    return "{\"program\":\"" + std::filesystem::read_symlink("/proc/self/exe").filename().string() +
           "\",\"pid\":" + std::to_string(getpid()) +
           ",\"plugin\":\"tester\",\"version\":\"" WD_VERSION_STRING
           "\",\"requests\":["
           "{\"algorithm\":\"deflate\",\"backend\":\"software\",\"engine\":\"libdeflate\","
           "\"requests\":1,\"bytes_in\":1000,\"bytes_out\":300,\"fallbacks\":{}},"
           "{\"algorithm\":\"inflate\",\"backend\":\"software\",\"engine\":\"zlib\","
           "\"requests\":1,\"bytes_in\":7,\"bytes_out\":8,"
           "\"fallbacks\":{\"does_not_fit\":1,\"unsupported\":2}}]}\n";
  }

  ScratchFolder folder_;
  std::string path_ = folder_.path("stats.json");
};

TEST_F(StatisticsFile, GetsOneLineOfJsonFromAContextThatEnds) {
  count_and_end(path_);
  EXPECT_EQ(ScratchFolder::contents_of(path_), expected_line());
}

TEST_F(StatisticsFile, IsAppendedTo) {
  const std::string path = folder_.file("stats.json", "before\n");
  count_and_end(path);
  count_and_end(path);
  EXPECT_EQ(ScratchFolder::contents_of(path), "before\n" + expected_line() + expected_line());
}

TEST_F(StatisticsFile, IsItsOwnersAlone) {
  const mode_t before = umask(0);
  count_and_end(path_);
  umask(before);
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(StatisticsFile, IsNotMadeWhereNothingWasCounted) {
  count_and_end(path_, false);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(StatisticsFile, CarriesTheProcessIdWherePercentPStands) {
  count_and_end(folder_.path("a-%p-%p-%x.json"));
  const std::string pid = std::to_string(getpid());
  EXPECT_EQ(ScratchFolder::contents_of(folder_.path("a-" + pid + "-" + pid + "-%x.json")),
            expected_line());
}

TEST_F(StatisticsFile, IsNeverReachedThroughALink) {
  const std::string target = folder_.file("target", "precious");
  ASSERT_EQ(symlink(target.c_str(), path_.c_str()), 0);
  count_and_end(path_);
  EXPECT_EQ(ScratchFolder::contents_of(target), "precious");
}

TEST_F(StatisticsFile, IsARegularFileOrNothing) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  count_and_end(path_);  // does not wait for a reader
  count_and_end(folder_.path("."));
  count_and_end(folder_.path("no/such/folder"));
  count_and_end("/dev/full");
}

TEST_F(StatisticsFile, IsStandardErrorForADash) {
  std::string written;
  {
    const CapturedStandardError captured;
    count_and_end("-");
    written = captured.text();
  }
  EXPECT_EQ(written, expected_line());
  EXPECT_FALSE(std::filesystem::exists("-"));
}

TEST_F(StatisticsFile, KeepsErrno) {
  errno = ELOOP;
  count_and_end(path_);
  EXPECT_EQ(errno, ELOOP);
  count_and_end(folder_.path("no/such/folder"));
  EXPECT_EQ(errno, ELOOP);
}

TEST_F(StatisticsFile, EndsNoProcessWhenItsReaderWentAway) {
  EXPECT_EQ(in_child([] {
              int ends[2];
              if (pipe(ends) != 0) return 1;
              close(ends[0]);
              dup2(ends[1], STDERR_FILENO);
              std::signal(SIGPIPE, SIG_DFL);
              count_and_end("-");
              sigset_t pending;
              sigpending(&pending);
              return sigismember(&pending, SIGPIPE);
            }),
            0);
}

TEST_F(StatisticsFile, EndsNoProcessAtItsFileSizeLimit) {
  const std::string path = folder_.file("stats.json", "full");
  EXPECT_EQ(in_child([&] {
              const rlimit limit{4, 4};
              if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
              std::signal(SIGXFSZ, SIG_DFL);
              count_and_end(path);
              return 0;
            }),
            0);
  EXPECT_EQ(ScratchFolder::contents_of(path), "full");
}

TEST_F(StatisticsFile, QuotesAProgramsNameWhateverItIs) {
  wd::StatisticsLine("a\"b\\c\x01\xff", "tester").append_to(path_.c_str());
  EXPECT_EQ(ScratchFolder::contents_of(path_).find("{\"program\":\"a\\\"b\\\\c??\","), 0u);
}

TEST_F(StatisticsFile, HoldsTheLongestLineThereCanBe) {
  wd::StatisticsLine line("program", "tester");
  wd::RequestCounts counts{~0ull, ~0ull, ~0ull, {}};
  for (std::uint64_t& count : counts.fallbacks) count = ~0ull;
  for (std::size_t a = 0; a < static_cast<std::size_t>(Algorithm::count_); ++a)
    for (std::size_t e = 0; e < static_cast<std::size_t>(Engine::count_); ++e)
      line.add(static_cast<Algorithm>(a), static_cast<Engine>(e), counts);
  line.append_to(path_.c_str());
  const std::string written = ScratchFolder::contents_of(path_);
  EXPECT_EQ(written.substr(written.size() - 4), "}]}\n");
}

}  // namespace
