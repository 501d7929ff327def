#include "process/world.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>

#include "process/process_memory.hpp"

namespace wd::emulator {
namespace {

constexpr std::string_view kNodes = "/dev/";

std::unique_ptr<ClientMemory> memory_for(const DeviceOptions& options) {
  if (options.shared_addresses) return std::make_unique<ProcessMemory>(!options.direct_memory);
  return std::make_unique<SliceMemory>();
}

SliceMemory& slices_of(HostedDevice& device) {
  return static_cast<SliceMemory&>(device.client_memory());
}

// A number that programs do not count on: theirs come out as without an emulator.
int moved_up(int fd) {
  constexpr int kFrom = 700;
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, kFrom);
  if (moved < 0) return fd;
  ::close(fd);
  return moved;
}

std::atomic<int>* make_owner_mark() {
  void* const page =
      mmap(nullptr, page_bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::bad_alloc();
  madvise(page, page_bytes(), MADV_WIPEONFORK);
  return new (page) std::atomic<int>(1);
}

// Milliseconds until `deadline`, rounded up.
int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

}  // namespace

World::World() : owner_mark_(make_owner_mark()) {}

Result<std::unique_ptr<World>> World::make(std::string_view names) {
  auto options = parse_devices(names);
  if (!options) return options.error();
  std::unique_ptr<World> world(new World);
  unsigned number = 0;
  for (const DeviceOptions& each : *options) {
    auto device = HostedDevice::make(each, number++, memory_for(each));
    if (!device) return device.error();
    world->devices_.push_back(std::move(*device));
  }
  return world;
}

HostedDevice* World::find(std::string_view name) {
  for (const auto& device : devices_)
    if (device->name() == name && !device->model().is_removed()) return device.get();
  return nullptr;
}

World::FilePointer World::find(int fd) {
  const auto identity = identity_of(fd);
  if (!identity) return nullptr;
  const std::scoped_lock hold(lock_);
  for (const FilePointer& file : files_)
    if (file->identity == *identity) return file;
  return nullptr;
}

int World::open(std::string_view path) {
  if (!path.starts_with(kNodes)) return -ENOENT;
  HostedDevice* const device = find(path.substr(kNodes.size()));
  if (device == nullptr) return -ENOENT;
  // Queues that were closed behind our back are looked for only when there are no others.
  if (device->model().free_queues() == 0) settle_all();
  auto queue = device->model().open();
  if (!queue) return -queue.error().sys_errno;
  const auto file = std::make_shared<File>(*device, **queue);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    const int failed = errno;
    (*queue)->take_back();
    return -failed;
  }
  file->peer = moved_up(ends[1]);
  file->identity = identity_of(ends[0]).value_or(FileIdentity{});
  file->peer_identity = identity_of(file->peer).value_or(FileIdentity{});
  device->connect((*queue)->number(), file->peer);
  const std::scoped_lock hold(lock_);
  files_.push_back(file);
  return ends[0];
}

bool World::is_closed(const File& file) const {
  // If somebody has closed our end, nothing is known but that he closes what is not his.
  if (identity_of(file.peer) != file.peer_identity) return true;
  pollfd ask{file.peer, 0, 0};
  return ::poll(&ask, 1, 0) == 1 && (ask.revents & POLLHUP) != 0;
}

// A file ends when its last descriptor is closed, in whichever process, and its last mapping gone.
void World::settle(const FilePointer& file) {
  {
    const std::scoped_lock hold(lock_);
    const bool is_mapped =
        std::any_of(file->mapped.begin(), file->mapped.end(), [](bool each) { return each; });
    if (is_mapped || !is_closed(*file) || std::erase(files_, file) == 0) return;
  }
  // Stops first, so that no interrupt is on its way to the socket.
  file->queue.stop(true);
  file->device.connect(file->queue.number(), -1);
  if (identity_of(file->peer) == file->peer_identity) ::close(file->peer);
  file->queue.take_back();
}

void World::settle_all() {
  std::vector<FilePointer> files;
  {
    const std::scoped_lock hold(lock_);
    files = files_;
  }
  for (const FilePointer& file : files) settle(file);
}

int World::close(int fd) {
  const FilePointer file = find(fd);
  if (file == nullptr) return -EBADF;
  ::close(fd);
  settle(file);
  return 0;
}

int World::check_mapping(const File& file, std::size_t region, std::size_t bytes) const {
  const KernelHabits& kernel = file.device.options().kernel;
  if (region >= (kernel.has_static_share ? kRegions : kRegions - 1)) return -EINVAL;
  if (file.queue.state() == QueueState::dead || file.device.model().is_removed()) return -ENXIO;
  if (file.mapped[region] || (file.was_mapped[region] && !kernel.maps_again)) return -EEXIST;
  if (region == 2) return bytes == 0 ? -EINVAL : 0;
  const std::size_t whole = file.device.arena().stretch(static_cast<Region>(region)).bytes_each();
  const bool fits = region == 0 ? bytes <= whole : bytes == whole;
  return bytes == 0 || !fits ? -EINVAL : 0;
}

void* World::map(int fd, std::size_t bytes, std::uint64_t offset, int* error) {
  const FilePointer file = find(fd);
  *error = file == nullptr ? -EBADF : offset % page_bytes() != 0 ? -EINVAL : 0;
  if (*error != 0) return nullptr;
  const auto region = static_cast<std::size_t>(offset / page_bytes());
  const std::size_t whole_pages = (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
  const std::scoped_lock hold(lock_);
  *error = check_mapping(*file, region, whole_pages);
  if (*error != 0) return nullptr;
  void* at = nullptr;
  if (region == 2) {
    at = file->share.map(slices_of(file->device), whole_pages);
  } else if (Arena& arena = file->device.arena();
             arena.show(file->queue.number(), static_cast<Region>(region))) {
    at = arena.stretch(static_cast<Region>(region)).of(file->queue.number());
  }
  *error = at == nullptr ? -ENOMEM : 0;
  file->mapped[region] = file->was_mapped[region] = at != nullptr;
  return at;
}

int World::unmap(void* address, std::size_t bytes) {
  FilePointer found;
  const std::size_t whole_pages = (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
  {
    const std::scoped_lock hold(lock_);
    for (const FilePointer& file : files_) {
      if (file->mapped[2] && file->share.is_at(address, whole_pages)) {
        file->share.unmap(slices_of(file->device));
        file->mapped[2] = false;
        found = file;
      }
      for (const Region region : {Region::registers, Region::shared}) {
        bool& mapped = file->mapped[static_cast<std::size_t>(region)];
        if (!mapped || file->device.arena().stretch(region).of(file->queue.number()) != address)
          continue;
        file->device.arena().hide(file->queue.number(), region);
        mapped = false;
        found = file;
      }
    }
  }
  if (found == nullptr) return -EINVAL;
  settle(found);
  return 0;
}

int World::poll(int fd, int timeout_milliseconds) {
  const FilePointer file = find(fd);
  if (file == nullptr) return -EBADF;
  const bool by_tokens = file->device.options().kernel.poll_takes_tokens;
  const bool forever = timeout_milliseconds < 0;
  const Clock::time_point deadline =
      Clock::now() + std::chrono::milliseconds(std::max(timeout_milliseconds, 0));
  for (;;) {
    if (by_tokens ? file->queue.poll_token() : file->queue.poll_ring()) return 1;
    pollfd wait{fd, POLLIN, 0};
    const int ready = ::poll(&wait, 1, forever ? -1 : milliseconds_until(deadline));
    if (ready < 0) return -errno;
    if (ready == 0) return 0;
    if ((wait.revents & POLLIN) == 0) return -EBADF;
    // The events that have come; what they mean is in the ring.
    char events[16];
    (void)recv(fd, events, sizeof(events), MSG_DONTWAIT);
  }
}

void World::ring(volatile void* doorbell) noexcept {
  for (const auto& device : devices_) {
    const Stretch& registers = device->arena().stretch(Region::registers);
    const auto queue = registers.queue_at(doorbell);
    if (!queue) continue;
    auto* const at = static_cast<volatile std::byte*>(doorbell);
    if (at != registers.of(*queue) + kDoorbellAt) return;
    auto* const word = reinterpret_cast<volatile std::uint64_t*>(doorbell);
    device->model().ring(Doorbell::decode(*word));
    return;
  }
}

}  // namespace wd::emulator
