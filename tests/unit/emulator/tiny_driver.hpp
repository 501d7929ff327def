// As little of a driver as it takes to use an emulated device: one queue, through the functions
// that the module hands out, with rings and descriptors written by hand from the hardware's sheet.
// It shares nothing with the driver in core, nor with the emulator.
#ifndef WD_TESTS_UNIT_EMULATOR_TINY_DRIVER_HPP_
#define WD_TESTS_UNIT_EMULATOR_TINY_DRIVER_HPP_

#include <sched.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "device/system_calls.hpp"

namespace wd::test {

// It lets no forked child start threads.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

// gcc's leaves its allocator locked in a child that is forked while other threads allocate.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

using Words = std::array<std::uint32_t, 32>;

// The module's functions, for devices that `names` lists.
class Emulated {
 public:
  explicit Emulated(const std::string& names);

  [[nodiscard]] const SystemCalls& calls() const { return calls_; }
  // The value of an attribute, or the negative errno value as text.
  [[nodiscard]] std::string attribute(const std::string& device, const std::string& name) const;
  [[nodiscard]] std::vector<std::string> folder(const std::string& path) const;
  [[nodiscard]] long control(const std::string& command,
                             const std::string& device = "hisi_zip-0") const;
  [[nodiscard]] long count(const std::string& what) const { return control("get=" + what); }

  // What wd_emulator_open answers.
  static int try_open(const char* names);

 private:
  SystemCalls calls_{};
};

inline constexpr unsigned long kStartQueue = 0x5700;
inline constexpr unsigned long kPutQueue = 0x5701;
inline constexpr unsigned long kSetContext = 0xc004480a;
inline constexpr unsigned long kGetInformation = 0xc010480b;
inline constexpr unsigned long kStaticShareAddress = 0x80085703;

struct Completion {
  std::uint16_t slot;
  std::uint16_t queue;
  Words answer;
};

struct QueueSize {
  unsigned depth = 1024;
  std::size_t register_bytes = 0x10000;

  [[nodiscard]] std::size_t shared_bytes() const;
};

class TinyQueue {
 public:
  // Open, mapped, started. `type` 0 compresses, 1 decompresses.
  TinyQueue(const Emulated& emulated, std::uint16_t type, QueueSize size = {},
            const std::string& node = "/dev/hisi_zip-0");
  TinyQueue(const TinyQueue&) = delete;
  TinyQueue& operator=(const TinyQueue&) = delete;
  ~TinyQueue();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::uint16_t number() const { return number_; }
  [[nodiscard]] std::uint8_t* shared() const { return shared_; }

  // The slot it went into.
  std::uint16_t submit(const Words& words);
  // The next completion, if there is one; `ring`: and the device is told that it has been seen.
  std::optional<Completion> look(bool ring = true, bool rearm = false);
  // Waits for it, without sleeping; nothing after some seconds.
  std::optional<Completion> reap();
  // Submits and waits. All zeros if no answer came.
  Words run(const Words& words);

  void ring_submission(std::uint16_t tail);
  void ring_completion(bool rearm);
  [[nodiscard]] bool transmission_stopped() const;
  [[nodiscard]] bool reception_stopped() const;
  // Until it does, for at most some seconds.
  [[nodiscard]] bool waits_for_stop() const;

  long ioctl(unsigned long request, void* argument = nullptr) const;
  void start();
  void close();
  void unmap();

 private:
  void store_doorbell(std::uint64_t word);

  const SystemCalls& calls_;
  QueueSize size_;
  int fd_ = -1;
  std::uint16_t number_ = 0;
  std::uint8_t* registers_ = nullptr;
  std::uint8_t* shared_ = nullptr;
  std::uint16_t tail_ = 0;
  std::uint16_t head_ = 0;
  unsigned phase_ = 1;
};

// Looks until `done`, for at most some seconds, and lets others run in between: tests do not sleep.
template <class Done>
bool soon(Done&& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  for (int looks = 1; !done(); ++looks) {
    if (looks % 64 == 0) sched_yield();
    if (looks % 1024 == 0 && std::chrono::steady_clock::now() > end) return false;
  }
  return true;
}

}  // namespace wd::test

#endif  // WD_TESTS_UNIT_EMULATOR_TINY_DRIVER_HPP_
