// What the kernel's driver answers to ioctl.
#include <sys/ioctl.h>

#include <array>
#include <cerrno>

#include "process/process_memory.hpp"
#include "process/world.hpp"

namespace wd::emulator {
namespace {

struct QueueContext {
  std::uint16_t id;
  std::uint16_t type;
};

struct QueueInformation {
  std::uint32_t descriptor_bytes;
  std::uint16_t submissions;
  std::uint16_t completions;
  std::uint64_t reserved;
};

constexpr unsigned long kStart = _IO('W', 0);
constexpr unsigned long kPut = _IO('W', 1);
constexpr unsigned long kStaticShare = _IOR('W', 3, unsigned long);
constexpr unsigned long kContext = _IOWR('H', 10, QueueContext);
constexpr unsigned long kInformation = _IOWR('H', 11, QueueInformation);
static_assert(kStart == 0x5700 && kPut == 0x5701 && kContext == 0xc004480a &&
              kInformation == 0xc010480b);

// An argument, taken from and given back to its owner's memory.
template <class Argument, class Call>
long with_argument(void* at, Call&& call) {
  ProcessMemory memory;
  Argument argument;
  const auto address = reinterpret_cast<std::uint64_t>(at);
  if (at == nullptr || !memory.read(address, &argument, sizeof(argument))) return -EFAULT;
  const long answer = call(argument);
  if (answer >= 0 && !memory.write(address, &argument, sizeof(argument))) return -EFAULT;
  return answer;
}

long set_context(HostedDevice& device, Queue& queue, void* argument) {
  const unsigned most = device.options().kernel.accepts_queue_type_2 ? 2 : 1;
  return with_argument<QueueContext>(argument, [&](QueueContext& context) -> long {
    if (context.type > most) return -EINVAL;
    queue.set_type(context.type);
    context.id = static_cast<std::uint16_t>(queue.number());
    return 0;
  });
}

long get_information(HostedDevice& device, void* argument) {
  return with_argument<QueueInformation>(argument, [&](QueueInformation& information) -> long {
    information.descriptor_bytes = kDescriptorBytes;
    information.submissions = static_cast<std::uint16_t>(device.layout().depth);
    information.completions = information.submissions;
    return 0;
  });
}

long start(HostedDevice& device, Queue& queue) {
  if (device.model().is_resetting()) return -EPERM;
  return device.model().start(queue) ? 0 : -EINVAL;
}

}  // namespace

long World::ioctl(int fd, unsigned long request, void* argument) {
  const FilePointer file = find(fd);
  if (file == nullptr) return -EBADF;
  HostedDevice& device = file->device;
  Queue& queue = file->queue;
  if (queue.state() == QueueState::dead || device.model().is_removed()) return -ENXIO;
  switch (request) {
    case kStart:
      return start(device, queue);
    case kPut:
      queue.stop(device.options().kernel.put_queue_frees);
      return 0;
    case kContext:
      return set_context(device, queue, argument);
    case kInformation:
      return get_information(device, argument);
    case kStaticShare:
      if (!device.options().kernel.has_static_share) return -EINVAL;
      return with_argument<std::uint64_t>(
          argument, [&](std::uint64_t& slice) { return file->share.describe(slice); });
    default:
      return -EINVAL;
  }
}

}  // namespace wd::emulator
