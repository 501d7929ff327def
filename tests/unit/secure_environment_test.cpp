#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "fixtures/environment_variable.hpp"
#include "fixtures/scratch_folder.hpp"

namespace {

using wd::test::EnvironmentVariable;
using wd::test::ScratchFolder;

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  char text[256] = {};
  const std::size_t bytes = std::fread(text, 1, sizeof(text) - 1, pipe);
  pclose(pipe);
  return {text, bytes};
}

// A program for another architecture than the machine's is run by WD_EMULATOR.
std::string output_under_emulator(const std::string& program) {
  return output_of(std::string(WD_EMULATOR) + ' ' + program);
}

// What WD_SECURE_PROBE makes of the environment.
class SecureEnvironment : public testing::Test {
 protected:
  // A copy that belongs to another user and runs as that one: AT_SECURE is set then.
  std::string privileged_probe() const {
    constexpr uid_t kNobody = 65534;
    const std::string probe = folder_.path("probe");
    std::filesystem::copy_file(WD_SECURE_PROBE, probe);
    EXPECT_EQ(chmod(folder_.path(".").c_str(), 0755), 0);
    EXPECT_EQ(chown(probe.c_str(), kNobody, static_cast<gid_t>(-1)), 0);
    EXPECT_EQ(chmod(probe.c_str(), 04755), 0);
    return probe;
  }

  ScratchFolder folder_;
  std::string file_ = folder_.file("wd.conf", "compression = exact\n");
  EnvironmentVariable no_conf_{"WD_CONF", nullptr};
  EnvironmentVariable no_backend_{"WD_BACKEND", nullptr};
  EnvironmentVariable no_compression_{"WD_COMPRESSION", nullptr};
  EnvironmentVariable no_stats_{"WD_STATS", nullptr};
  EnvironmentVariable no_log_{"WD_LOG", nullptr};
  EnvironmentVariable no_date_{"SOURCE_DATE_EPOCH", nullptr};
};

TEST_F(SecureEnvironment, IsIgnored) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make a program of another user's";
  const std::string probe = privileged_probe();
  const std::string without = output_of(probe);
  if (without.find("secure=1") == std::string::npos)
    GTEST_SKIP() << "a set-user-ID program is none here (nosuid), or does not run (a sanitizer, "
                    "another architecture)";
  const EnvironmentVariable compression("WD_COMPRESSION", "exact");
  const EnvironmentVariable stats("WD_STATS", folder_.path("stats").c_str());
  const EnvironmentVariable backend("WD_BACKEND", "nonsense");
  const EnvironmentVariable conf("WD_CONF", file_.c_str());
  const EnvironmentVariable date("SOURCE_DATE_EPOCH", "1");
  EXPECT_EQ(output_of(probe), without);
}

TEST_F(SecureEnvironment, CountsForTheSameProgramWithoutPrivileges) {
  const EnvironmentVariable conf("WD_CONF", file_.c_str());
  const EnvironmentVariable stats("WD_STATS", "-");
  EXPECT_EQ(output_under_emulator(WD_SECURE_PROBE), "secure=0 understood=1 exact=1 stats=-\n");
}

}  // namespace
