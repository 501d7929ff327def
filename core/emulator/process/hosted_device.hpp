// A device model as part of this process: its queues' memory, the lines its interrupts go out on,
// and what sysfs says of it.
#ifndef WD_EMULATOR_PROCESS_HOSTED_DEVICE_HPP_
#define WD_EMULATOR_PROCESS_HOSTED_DEVICE_HPP_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/device.hpp"
#include "process/arena.hpp"
#include "process/file_identity.hpp"

namespace wd::emulator {

std::size_t page_bytes() noexcept;

class HostedDevice final : public Host {
 public:
  static Result<std::unique_ptr<HostedDevice>> make(const DeviceOptions& options, unsigned number,
                                                    std::unique_ptr<ClientMemory> memory);

  Device& model() { return model_; }
  Arena& arena() { return arena_; }
  [[nodiscard]] const Arena& arena() const { return arena_; }
  [[nodiscard]] unsigned free_queues() const { return model_.free_queues(); }
  [[nodiscard]] bool is_isolated() const { return model_.is_isolated(); }
  [[nodiscard]] unsigned isolate_strategy() const { return model_.isolate_strategy(); }
  [[nodiscard]] const DeviceOptions& options() const { return model_.options(); }
  // As in sysfs and /dev: hisi_zip-0.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const QueueLayout& layout() const { return layout_; }

  // An attribute's text, as sysfs has it; nothing for one that is not there.
  [[nodiscard]] std::optional<std::string> attribute(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> attributes() const;

  // Where interrupts of a queue go from now on: a socket whose other end its owner polls; -1 for
  // nowhere.
  void connect(unsigned queue, int socket);

  ClientMemory& client_memory() noexcept { return *memory_; }
  ClientMemory& memory(unsigned, std::uint32_t) noexcept override { return *memory_; }
  void interrupt(unsigned queue) noexcept override;
  void removed() noexcept override;

 private:
  struct Line {
    std::mutex lock;
    int socket = -1;
    FileIdentity identity{};
  };

  HostedDevice(const DeviceOptions& options, std::string name, const QueueLayout& layout,
               Arena arena, std::unique_ptr<ClientMemory> memory);

  const std::string name_;
  const QueueLayout layout_;
  Arena arena_;
  std::unique_ptr<ClientMemory> memory_;
  std::deque<Line> lines_;
  Device model_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_HOSTED_DEVICE_HPP_
