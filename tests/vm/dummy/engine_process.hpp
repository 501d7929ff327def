// wd-emulator as a child of a test: its devices are there when start() returns, and gone with it.
#ifndef WD_TESTS_VM_DUMMY_ENGINE_PROCESS_HPP_
#define WD_TESTS_VM_DUMMY_ENGINE_PROCESS_HPP_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "device/device_info.hpp"
#include "device/roots.hpp"
#include "device/system_calls.hpp"

namespace wd::test {

class EngineProcess {
 public:
  explicit EngineProcess(const char* devices) { start(devices); }
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;
  ~EngineProcess() { end(SIGTERM); }

  // The names of its devices; none if it could not start.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  void send(int signal) const { kill(pid_, signal); }

  // As waitpid() tells it.
  int end(int signal) {
    if (pid_ <= 0) return status_;
    send(signal);
    waitpid(pid_, &status_, 0);
    pid_ = 0;
    return status_;
  }

  [[nodiscard]] DeviceInfo device(std::size_t which = 0) const {
    const auto info = read_device(kernel_calls(), Roots{}, names_.at(which).c_str());
    return info ? *info : DeviceInfo{};
  }
  [[nodiscard]] int free_queues(std::size_t which = 0) const {
    return *available_instances(kernel_calls(), Roots{}, names_.at(which).c_str());
  }

  // Processor time of all its threads so far, in ticks of a hundredth of a second.
  [[nodiscard]] long ticks() const {
    std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    long user = 0;
    long system = 0;
    // Behind the name, which is in parentheses: user and system time are the 12th and 13th field.
    std::sscanf(text.c_str() + text.rfind(')') + 2,
                "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system);
    return user + system;
  }

 private:
  void start(const char* devices) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execlp("wd-emulator", "wd-emulator", devices, nullptr);
      _exit(127);
    }
    close(ends[1]);
    FILE* const lines = fdopen(ends[0], "r");
    char line[128];
    std::size_t wanted = 1;
    for (const char* at = devices; *at != 0; ++at) wanted += *at == ',' ? 1 : 0;
    while (names_.size() < wanted && std::fgets(line, sizeof(line), lines) != nullptr)
      names_.emplace_back(line, std::string_view(line).find('\n'));
    std::fclose(lines);
  }

  pid_t pid_ = 0;
  int status_ = 0;
  std::vector<std::string> names_;
};

}  // namespace wd::test

#endif  // WD_TESTS_VM_DUMMY_ENGINE_PROCESS_HPP_
