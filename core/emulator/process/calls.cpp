// The table of functions behind which the device layer finds the emulated devices, and what the
// module exports.
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <new>

#include "device/system_calls.hpp"
#include "process/control.hpp"
#include "process/sysfs.hpp"
#include "process/world.hpp"
#include "wd_emulator.h"

namespace wd::emulator {
namespace {

// The worlds that were made; they live as long as the process (their threads do), and stay
// reachable from here for those who look for memory that nobody knows.
struct Made {
  std::unique_ptr<World> world;
  Made* next;
};
constinit std::atomic<Made*> all_made{nullptr};

World& made(std::unique_ptr<World> world) {
  auto* const entry = new Made{std::move(world), all_made.load()};
  while (!all_made.compare_exchange_weak(entry->next, entry)) {
  }
  return *entry->world;
}

// Nothing for a forked child, and nothing thrown.
template <class Answer, class Call>
Answer guard(void* world, Call&& call) noexcept {
  World& ours = *static_cast<World*>(world);
  if (!ours.is_ours()) return -ENODEV;
  try {
    return call(ours);
  } catch (const std::bad_alloc&) {
    return -ENOMEM;
  } catch (...) {
    return -EIO;
  }
}

int open_call(void* world, const char* path, int) noexcept {
  return guard<int>(world, [&](World& ours) { return ours.open(path); });
}

int close_call(void* world, int fd) noexcept {
  // A forked child has descriptors as any other, and its parent's queues by them.
  if (!static_cast<World*>(world)->is_ours()) return ::close(fd) == 0 ? 0 : -errno;
  return guard<int>(world, [&](World& ours) { return ours.close(fd); });
}

long ioctl_call(void* world, int fd, unsigned long request, void* argument) noexcept {
  return guard<long>(world, [&](World& ours) { return ours.ioctl(fd, request, argument); });
}

void* map_call(void* world, int fd, std::size_t bytes, std::uint64_t offset, int* error) noexcept {
  void* at = nullptr;
  const int failed = guard<int>(world, [&](World& ours) {
    int answer = 0;
    at = ours.map(fd, bytes, offset, &answer);
    return answer;
  });
  if (error != nullptr) *error = failed;
  return at;
}

int unmap_call(void* world, void* address, std::size_t bytes) noexcept {
  return guard<int>(world, [&](World& ours) { return ours.unmap(address, bytes); });
}

int poll_call(void* world, int fd, int timeout_milliseconds) noexcept {
  return guard<int>(world, [&](World& ours) { return ours.poll(fd, timeout_milliseconds); });
}

int identify_call(void*, int fd, FileIdentity* identity) noexcept {
  const auto found = identity_of(fd);
  if (!found) return -EBADF;
  *identity = *found;
  return 0;
}

long read_file_call(void* world, const char* path, char* to, std::size_t capacity) noexcept {
  return guard<long>(world, [&](World& ours) { return read_attribute(ours, path, to, capacity); });
}

int list_folder_call(void* world, const char* path, void* user,
                     void (*each)(void* user, const char* name) noexcept) noexcept {
  return guard<int>(world, [&](World& ours) { return list_folder(ours, path, user, each); });
}

void after_doorbell_call(void* world, volatile void* doorbell) noexcept {
  World& ours = *static_cast<World*>(world);
  if (ours.is_ours()) ours.ring(doorbell);
}

SystemCalls calls_of(World& world) {
  return {.abi = kSystemCallsAbi,
          .world = &world,
          .open = open_call,
          .close = close_call,
          .ioctl = ioctl_call,
          .map = map_call,
          .unmap = unmap_call,
          .poll = poll_call,
          .identify = identify_call,
          .read_file = read_file_call,
          .list_folder = list_folder_call,
          .after_doorbell = after_doorbell_call};
}

int open_emulator(const char* names, SystemCalls* calls) {
  if (names == nullptr || calls == nullptr) return -EINVAL;
  auto world = World::make(names);
  if (!world) return -world.error().sys_errno;
  *calls = calls_of(made(std::move(*world)));
  return 0;
}

}  // namespace
}  // namespace wd::emulator

extern "C" {

__attribute__((visibility("default"))) int wd_emulator_open(const char* names,
                                                            wd::SystemCalls* calls) noexcept {
  try {
    return wd::emulator::open_emulator(names, calls);
  } catch (const std::bad_alloc&) {
    return -ENOMEM;
  } catch (...) {
    return -EIO;
  }
}

__attribute__((visibility("default"))) long wd_emulator_control(void* world, const char* device,
                                                                const char* command) {
  return wd::emulator::guard<long>(world, [&](wd::emulator::World& ours) {
    return wd::emulator::control(ours, device, command);
  });
}
}
