// An engine that is the test itself, and computes nothing.
#ifndef WD_TESTS_VM_DUMMY_AGREEING_ENGINE_HPP_
#define WD_TESTS_VM_DUMMY_AGREEING_ENGINE_HPP_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

#include "device/device_info.hpp"
#include "device/roots.hpp"
#include "device/system_calls.hpp"
#include "dummy/device_client.hpp"
#include "wd_dummy_abi.h"

namespace wd::test {

template <std::size_t kBytes>
void write_text(const char* text, unsigned char (&to)[kBytes]) {
  std::strcpy(reinterpret_cast<char*>(to), text);
}

inline wd_dummy_create usual_device() {
  wd_dummy_create device{};
  write_text("hisi_zip", device.name);
  write_text("hisi_qm_v3", device.api);
  write_text("zlib\ngzip\ndeflate", device.algorithms);
  device.format = WD_DUMMY_HISI_ZIP_V3;
  device.queues = 4;
  device.depth = 64;
  device.register_bytes = 0x10000;
  device.numa_node = -1;
  return device;
}

// Says yes to every question, as long as it lives.
class AgreeingEngine {
 public:
  AgreeingEngine() : fd_(open("/dev/wd_dummy", O_RDWR | O_CLOEXEC)) {
    EXPECT_EQ(call(WD_DUMMY_CREATE, &device_), 0);
    thread_ = std::thread([this] { answer_all(); });
  }
  AgreeingEngine(const AgreeingEngine&) = delete;
  AgreeingEngine& operator=(const AgreeingEngine&) = delete;
  ~AgreeingEngine() {
    EXPECT_EQ(call(WD_DUMMY_REMOVE, nullptr), 0);
    thread_.join();
    close(fd_);
  }

  // 0 or a negative errno value.
  int call(unsigned long request, void* argument) const {
    return ioctl(fd_, request, argument) < 0 ? -errno : 0;
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] DeviceInfo info() const {
    return *read_device(kernel_calls(), Roots{},
                        ("hisi_zip-" + std::to_string(device_.number)).c_str());
  }
  // Until the client has rung for the slot before this tail.
  void wait_for_tail(std::uint16_t tail) const {
    while (tail_.load() != tail) std::this_thread::yield();
  }

 private:
  void answer_all() {
    wd_dummy_event events[8];
    for (;;) {
      wd_dummy_wait wait{};
      wait.events = address_of(events);
      wait.capacity = 8;
      wait.timeout_ms = -1;
      if (call(WD_DUMMY_WAIT, &wait) != 0) return;
      for (unsigned i = 0; i < wait.count; ++i) {
        for (const std::uint32_t what :
             {WD_DUMMY_OPEN, WD_DUMMY_START, WD_DUMMY_STOP, WD_DUMMY_CLOSED}) {
          if ((events[i].what & what) == 0) continue;
          wd_dummy_answer answer{events[i].queue, what, 0, 0};
          call(WD_DUMMY_ANSWER, &answer);
        }
        if ((events[i].what & WD_DUMMY_TAIL) != 0) tail_ = events[i].tail;
      }
    }
  }

  int fd_;
  wd_dummy_create device_ = usual_device();
  std::atomic<std::uint16_t> tail_{0};
  std::thread thread_;
};

}  // namespace wd::test

#endif  // WD_TESTS_VM_DUMMY_AGREEING_ENGINE_HPP_
