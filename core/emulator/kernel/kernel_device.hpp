// A device model behind the kernel: clients open /dev/hisi_zip-N, and wd_dummy passes on what they
// do. Their queues' memory is mapped here as it is there; their requests' memory is reached by
// calls, and only as far as each request's descriptor allows.
//
// Threads: run() by one; the model's own call what Host has. It lives until the process ends:
// device threads have nobody to tell them that it is over.
#ifndef WD_EMULATOR_KERNEL_KERNEL_DEVICE_HPP_
#define WD_EMULATOR_KERNEL_KERNEL_DEVICE_HPP_

#include <memory>
#include <string>
#include <vector>

#include "kernel/control_file.hpp"
#include "model/device.hpp"

namespace wd::emulator {

// The memory of a queue's client, for one request at a time: a queue has one device thread.
class RequestMemory final : public ClientMemory {
 public:
  RequestMemory(ControlFile& file, unsigned queue) : file_(file), at_{queue, 0} {}

  void set_slot(std::uint32_t slot) noexcept { at_.slot = slot; }
  bool read(std::uint64_t from, void* to, std::size_t bytes) noexcept override {
    return bytes == 0 || file_.read(at_, from, to, bytes) == 0;
  }
  bool write(std::uint64_t to, const void* from, std::size_t bytes) noexcept override {
    return bytes == 0 || file_.write(at_, to, from, bytes) == 0;
  }

 private:
  ControlFile& file_;
  wd_dummy_slot at_;
};

class KernelDevice final : public Host {
 public:
  // Creates it in the kernel, too. `unsupported` for options that only an emulator in the caller's
  // own process has.
  static Result<std::unique_ptr<KernelDevice>> make(const DeviceOptions& options);

  // hisi_zip-0
  [[nodiscard]] const std::string& name() const { return name_; }

  // Serves until end(), or until the device was removed by a fault. 0, or what went wrong as a
  // negative errno value.
  int run();
  // Clients find out; run() returns.
  void end() noexcept { file_.remove(); }

  ClientMemory& memory(unsigned queue, std::uint32_t slot) noexcept override;
  bool fetch(unsigned queue, std::uint32_t slot, const std::byte* shared_slot,
             Descriptor& request) noexcept override;
  void ended(unsigned queue, std::uint32_t slot) noexcept override {
    file_.complete({queue, slot});
  }
  [[nodiscard]] bool address_errors_reset() const noexcept override { return false; }
  void interrupt(unsigned queue) noexcept override { file_.interrupt(queue); }
  void removed() noexcept override { end(); }

 private:
  KernelDevice(const DeviceOptions& options, const QueueLayout& layout, ControlFile&& file,
               std::string name, std::byte* queues, const std::uint32_t* news);

  void look_for_news() const noexcept;
  void handle(const wd_dummy_event& event);
  int open(unsigned queue);
  int start(unsigned queue, unsigned type);
  void close(unsigned queue);
  [[nodiscard]] std::byte* memory_of(unsigned queue) const {
    return queues_ + queue * layout_.total_bytes();
  }

  const QueueLayout layout_;
  ControlFile file_;
  const std::string name_;
  std::byte* const queues_;  // room for the memory of all
  const std::uint32_t* const news_;
  std::uint32_t seen_news_ = 0;
  std::vector<Queue*> open_;
  std::deque<RequestMemory> memories_;
  Device model_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_KERNEL_KERNEL_DEVICE_HPP_
