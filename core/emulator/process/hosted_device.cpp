#include "process/hosted_device.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "model/description.hpp"

namespace wd::emulator {

std::size_t page_bytes() noexcept {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

Result<std::unique_ptr<HostedDevice>> HostedDevice::make(const DeviceOptions& options,
                                                         unsigned number,
                                                         std::unique_ptr<ClientMemory> memory) {
  const QueueLayout layout{options.depth, page_bytes()};
  auto arena =
      Arena::make(options.queues, register_bytes(options.api, page_bytes()), layout.total_bytes());
  if (!arena) return arena.error();
  return std::unique_ptr<HostedDevice>(new HostedDevice(
      options, options.name + "-" + std::to_string(number), layout, *arena, std::move(memory)));
}

HostedDevice::HostedDevice(const DeviceOptions& options, std::string name,
                           const QueueLayout& layout, Arena arena,
                           std::unique_ptr<ClientMemory> memory)
    : name_(std::move(name)),
      layout_(layout),
      arena_(arena),
      memory_(std::move(memory)),
      lines_(options.queues),
      model_(options, layout, arena.memory(), *this) {}

void HostedDevice::connect(unsigned queue, int socket) {
  Line& line = lines_[queue];
  const std::scoped_lock hold(line.lock);
  line.socket = socket;
  if (socket >= 0) line.identity = identity_of(socket).value_or(FileIdentity{});
}

void HostedDevice::interrupt(unsigned queue) noexcept {
  Line& line = lines_[queue];
  const std::scoped_lock hold(line.lock);
  if (line.socket < 0 || identity_of(line.socket) != line.identity) return;
  const char event = 1;
  // Full means that the last one has not been taken yet, which is as good.
  (void)send(line.socket, &event, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void HostedDevice::removed() noexcept {
  if (options().removal_is_bus_error) arena_.break_all(options().queues);
}

}  // namespace wd::emulator
