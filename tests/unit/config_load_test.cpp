#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "fixtures/environment_variable.hpp"
#include "fixtures/scratch_folder.hpp"
#include "wd/config.hpp"

namespace {

using wd::BackendChoice;
using wd::CompressionChoice;
using wd::Config;
using wd::Errc;
using wd::LogLevel;
using wd::test::EnvironmentVariable;
using wd::test::ScratchFolder;

// With none of the variables set but those that a test sets.
class ConfigLoad : public testing::Test {
 protected:
  // Loads from a file of this text.
  wd::Result<void> load(std::string_view contents) {
    return load_file(folder_.file("wd.conf", contents));
  }
  wd::Result<void> load_file(const std::string& path) {
    const EnvironmentVariable conf("WD_CONF", path.c_str());
    return config_.load();
  }
  // The complaint about the file at `path`, which is then not used.
  std::string complaint_about(const std::string& path) {
    const wd::Result<void> done = load_file(path);
    EXPECT_FALSE(done);
    EXPECT_EQ(config_.compression, CompressionChoice::standard) << "the file was used";
    return done ? "" : done.error().text;
  }
  std::string exact_file() { return folder_.file("wd.conf", "compression = exact\n"); }

  EnvironmentVariable no_conf_{"WD_CONF", nullptr};
  EnvironmentVariable no_backend_{"WD_BACKEND", nullptr};
  EnvironmentVariable no_compression_{"WD_COMPRESSION", nullptr};
  EnvironmentVariable no_stats_{"WD_STATS", nullptr};
  EnvironmentVariable no_log_{"WD_LOG", nullptr};
  EnvironmentVariable no_date_{"SOURCE_DATE_EPOCH", nullptr};
  ScratchFolder folder_;
  Config config_;
};

constexpr const char* kUntrusted =
    "wd.conf: ignored: it must be a regular file of root or the caller that nobody else can write";

TEST_F(ConfigLoad, ReadsEveryKeyFromTheFile) {
  ASSERT_TRUE(load("backend = software\ncompression = exact\nstats = /tmp/%p.json\nlog = info\n"));
  EXPECT_EQ(config_.backend, BackendChoice::software);
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
  EXPECT_STREQ(config_.stats, "/tmp/%p.json");
  EXPECT_EQ(config_.log, LogLevel::info);
}

TEST_F(ConfigLoad, SkipsBlanksAndComments) {
  ASSERT_TRUE(load("\n  # a comment = nothing\n\t compression=exact \t# why\r\n\r\n   \nlog=warn"));
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
  EXPECT_EQ(config_.log, LogLevel::warn);
}

TEST_F(ConfigLoad, TakesAnEmptyFile) {
  EXPECT_TRUE(load(""));
}

TEST_F(ConfigLoad, KeepsTheLastOfTwoLines) {
  ASSERT_TRUE(load("log = info\nlog = debug\n"));
  EXPECT_EQ(config_.log, LogLevel::debug);
}

TEST_F(ConfigLoad, TellsTheFirstErrorAndUsesTheRest) {
  const wd::Result<void> done = load("backend = gpu\nnonsense\nlog = loud\ncompression = exact\n");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::invalid_argument);
  EXPECT_STREQ(done.error().text, "backend: must be auto, software or hisi");
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
}

TEST_F(ConfigLoad, RefusesLinesWithoutAnEqualsSign) {
  const wd::Result<void> done = load("compression exact\nlog = info\n");
  ASSERT_FALSE(done);
  EXPECT_STREQ(done.error().text, "wd.conf: a line is not of the form 'key = value'");
  EXPECT_EQ(config_.log, LogLevel::info);
}

TEST_F(ConfigLoad, SurvivesBytesThatAreNoText) {
  const char kBytes[] = "\0=\0\n\xff\xfe = \x80\n=\n= =\nlog = info\n";
  EXPECT_FALSE(load({kBytes, sizeof(kBytes) - 1}));
  EXPECT_EQ(config_.log, LogLevel::info);
}

TEST_F(ConfigLoad, LetsTheEnvironmentWin) {
  const EnvironmentVariable backend("WD_BACKEND", "hisi");
  const EnvironmentVariable compression("WD_COMPRESSION", "default");
  const EnvironmentVariable stats("WD_STATS", "-");
  const EnvironmentVariable log("WD_LOG", "debug");
  ASSERT_TRUE(load("backend = software\ncompression = exact\nstats = /x\nlog = info\n"));
  EXPECT_EQ(config_.backend, BackendChoice::hisi);
  EXPECT_EQ(config_.compression, CompressionChoice::standard);
  EXPECT_STREQ(config_.stats, "-");
  EXPECT_EQ(config_.log, LogLevel::debug);
}

TEST_F(ConfigLoad, ReportsWhatItDoesNotUnderstandInTheEnvironment) {
  const EnvironmentVariable compression("WD_COMPRESSION", "best");
  const EnvironmentVariable log("WD_LOG", "warn");
  const wd::Result<void> done = load("");
  ASSERT_FALSE(done);
  EXPECT_STREQ(done.error().text, "compression: must be default or exact");
  EXPECT_EQ(config_.log, LogLevel::warn);
}

TEST_F(ConfigLoad, IsExactForReproducibleBuilds) {
  const EnvironmentVariable date("SOURCE_DATE_EPOCH", "1700000000");
  ASSERT_TRUE(load("compression = default\n"));
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
}

TEST_F(ConfigLoad, IsNotExactForReproducibleBuildsThatSayOtherwise) {
  const EnvironmentVariable date("SOURCE_DATE_EPOCH", "1700000000");
  const EnvironmentVariable compression("WD_COMPRESSION", "default");
  ASSERT_TRUE(load(""));
  EXPECT_EQ(config_.compression, CompressionChoice::standard);
}

// ----- files that are not to be trusted -----

TEST_F(ConfigLoad, ReportsANamedFileThatIsNotThere) {
  const wd::Result<void> done = load_file(folder_.path("missing.conf"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io);
  EXPECT_EQ(done.error().sys_errno, ENOENT);
}

TEST_F(ConfigLoad, RefusesAFileThatOthersCanWrite) {
  for (const mode_t mode : {0620u, 0602u, 0666u}) {
    const std::string path = exact_file();
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(complaint_about(path), kUntrusted);
  }
}

TEST_F(ConfigLoad, TakesAFileThatOthersCanRead) {
  const std::string path = exact_file();
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  ASSERT_TRUE(load_file(path));
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
}

TEST_F(ConfigLoad, RefusesAFileOfSomebodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file to another user";
  const std::string path = exact_file();
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(chown(path.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
  EXPECT_EQ(complaint_about(path), kUntrusted);
}

TEST_F(ConfigLoad, LooksAtTheFileBehindALink) {
  const std::string path = exact_file();
  const std::string link = folder_.path("link.conf");
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  ASSERT_EQ(chmod(path.c_str(), 0602), 0);
  EXPECT_EQ(complaint_about(link), kUntrusted);
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_TRUE(load_file(link));
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
}

TEST_F(ConfigLoad, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(complaint_about(folder_.path(".")), kUntrusted);
  EXPECT_EQ(complaint_about("/dev/null"), kUntrusted);
  const std::string fifo = folder_.path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(complaint_about(fifo), kUntrusted) << "nor does it wait for a writer";
}

TEST_F(ConfigLoad, TakesAFileOf16KiBAndNoLarger) {
  const std::string line = "compression = exact\n#";
  const std::string largest = line + std::string(16384 - line.size(), 'x');
  EXPECT_TRUE(load(largest));
  EXPECT_EQ(config_.compression, CompressionChoice::exact);
  config_ = {};
  EXPECT_EQ(complaint_about(folder_.file("large.conf", largest + "x")),
            "wd.conf: ignored: it is larger than 16 KiB");
}

}  // namespace
