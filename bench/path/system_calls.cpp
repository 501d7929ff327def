#include "system_calls.hpp"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "clocks.hpp"
#include "fail.hpp"
#include "pipeline.hpp"
#include "placement.hpp"

namespace wd::bench {
namespace {

constexpr unsigned kWindows = 300;
constexpr unsigned kRequestsPerWindow = 20'000;
// Threads start, and are traced from their first call on.
constexpr unsigned kUncountedWindows = 20;

struct Window {
  double began;
  double ended;
};

constexpr int kCannotTrace = 77;

// The exit code of strace, with its words and the program's in files.
int trace(const Row& row, const std::string& windows, const std::string& calls) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string self = "/proc/" + std::to_string(getppid()) + "/exe";
    if (std::freopen(windows.c_str(), "w", stdout) == nullptr) _exit(kCannotTrace);
    execlp("strace", "strace", "-f", "-qq", "-ttt", "-o", calls.c_str(), self.c_str(), "--flow",
           row.id().c_str(), static_cast<char*>(nullptr));
    _exit(kCannotTrace);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : kCannotTrace;
}

std::vector<Window> windows_in(const std::string& path) {
  std::vector<Window> windows;
  std::ifstream file(path);
  for (Window window{}; file >> window.began >> window.ended;) windows.push_back(window);
  if (windows.size() > kUncountedWindows)
    windows.erase(windows.begin(), windows.begin() + kUncountedWindows);
  return windows;
}

// When each call began. What a line "resumed" tells of began in an earlier one.
std::vector<double> calls_in(const std::string& path) {
  std::vector<double> times;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    char* at = nullptr;
    std::strtol(line.c_str(), &at, 10);  // the thread
    const double time = std::strtod(at, nullptr);
    if (line.find("<... ") == std::string::npos) times.push_back(time);
  }
  return times;
}

}  // namespace

void flow(const Row& row) {
  const PathDevice device(row);
  Pipeline pipeline(*device.open_queue(), device.dialect(), row.depth);
  place_apart();
  std::vector<Window> windows(kWindows + kUncountedWindows);
  for (Window& window : windows) {
    // The kernel is not asked for the time.
    window.began = seconds_of(CLOCK_REALTIME);
    for (unsigned i = 0; i < kRequestsPerWindow; ++i) pipeline.step();
    window.ended = seconds_of(CLOCK_REALTIME);
  }
  pipeline.drain();
  for (const Window& window : windows) std::printf("%.6f %.6f\n", window.began, window.ended);
}

std::optional<SystemCallCount> count_system_calls(const Row& row) {
  char folder[] = "/tmp/wd-strace-XXXXXX";
  if (mkdtemp(folder) == nullptr) return std::nullopt;
  const std::string windows_file = std::string(folder) + "/windows";
  const std::string calls_file = std::string(folder) + "/calls";
  const int traced = trace(row, windows_file, calls_file);
  const std::vector<Window> windows = windows_in(windows_file);
  const std::vector<double> calls = calls_in(calls_file);
  unlink(windows_file.c_str());
  unlink(calls_file.c_str());
  rmdir(folder);
  // It always sees some: those that load the program.
  if (traced != 0 || windows.empty() || calls.empty()) return std::nullopt;
  SystemCallCount count;
  for (const Window& window : windows) {
    std::uint64_t here = 0;
    for (const double at : calls) here += at >= window.began && at <= window.ended ? 1 : 0;
    ++count.windows;
    count.silent_windows += here == 0 ? 1 : 0;
    count.requests += kRequestsPerWindow;
    count.calls += here;
  }
  return count;
}

void measure_system_calls(const Row& row, const Effort&, JsonObject& to) {
  const auto count = count_system_calls(row);
  if (!count) fail("system calls cannot be counted: is strace there, and may it trace?");
  const double requests = static_cast<double>(count->requests);
  to.integer("requests", count->requests)
      .number("calls_per_million", static_cast<double>(count->calls) / requests * 1e6)
      .number("silent_share", static_cast<double>(count->silent_windows) / count->windows);
}

// Inline, nobody waits for anybody, so there is no call at all. With a device thread there are some
// where the machine takes away the CPU of one side: then the other one yields or sleeps. But not
// all the time.
int check_system_calls() {
  for (const char* engine : {"null-inline", "null"}) {
    const Row row{Row::Kind::system_calls, "system_calls", engine, 32};
    const bool alone = std::string(engine) == "null-inline";
    cpu_set_t cpus;
    const bool one_cpu = sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) == 1;
    if (!alone && one_cpu) continue;  // both sides have to yield
    const auto count = count_system_calls(row);
    if (!count) return kCannotTrace;
    std::printf("%s: %llu system calls in %llu requests, %u of %u windows without any\n", engine,
                static_cast<unsigned long long>(count->calls),
                static_cast<unsigned long long>(count->requests), count->silent_windows,
                count->windows);
    if (alone ? count->calls != 0 : count->silent_windows == 0) return 1;
  }
  return 0;
}

}  // namespace wd::bench
