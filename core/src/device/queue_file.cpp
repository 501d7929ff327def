#include "device/queue_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "device/text.hpp"
#include "device/uacce_abi.hpp"

WD_NAMESPACE_BEGIN

namespace {

Error failed(long result, const char* text) noexcept {
  return {Errc::io, static_cast<int>(-result), text};
}

}  // namespace

Result<QueueFile> QueueFile::open(const SystemCalls& calls, const Roots& roots,
                                  const DeviceInfo& device, QueueKind kind,
                                  std::uint32_t descriptor_bytes) noexcept {
  if (device.mmio_bytes == 0 || device.dus_bytes == 0)
    return Error{Errc::unsupported, 0, "the device has no region for queues"};
  Path node;
  node /= roots.dev;
  node /= device.name;
  const int fd = calls.open(calls.world, node.c_str(), O_RDWR);
  if (fd < 0) return failed(fd, "no queue could be opened");

  QueueFile queue(calls, fd);
  if (const int known = calls.identify(calls.world, fd, &queue.identity_); known != 0) {
    // Nothing to compare it with later; it is ours now, so it can still be closed.
    calls.close(calls.world, std::exchange(queue.fd_, -1));
    return failed(known, "a queue's descriptor has no identity");
  }
  if (const auto mapped = queue.map_regions(device); !mapped) return mapped.error();
  if (const auto done = queue.configure(kind, descriptor_bytes); !done) return done.error();
  return queue;
}

QueueFile::QueueFile(QueueFile&& other) noexcept
    : calls_(other.calls_),
      fd_(std::exchange(other.fd_, -1)),
      started_(std::exchange(other.started_, false)),
      identity_(other.identity_),
      dus_(std::exchange(other.dus_, {})),
      mmio_(std::exchange(other.mmio_, {})),
      rings_(other.rings_) {}

Result<void> QueueFile::map_regions(const DeviceInfo& device) noexcept {
  // A size that is no number of pages was not made by a kernel.
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  if (device.dus_bytes % page != 0 || device.mmio_bytes % page != 0 ||
      device.dus_bytes > kMostBytes || device.mmio_bytes > kMostBytes)
    return Error{Errc::io, 0, "a region has an impossible size"};
  auto dus = map(uacce::kDusRegion, device.dus_bytes);
  if (!dus) return dus.error();
  dus_ = *dus;
  auto mmio = map(uacce::kMmioRegion, device.mmio_bytes);
  if (!mmio) return mmio.error();
  mmio_ = *mmio;
  return {};
}

Result<QueueFile::Region> QueueFile::map(unsigned region, std::uint64_t bytes) noexcept {
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  int failure = 0;
  void* at = calls_->map(calls_->world, fd_, bytes, region * page, &failure);
  if (at == nullptr) return failed(failure, "a queue's region cannot be mapped");
  return Region{static_cast<std::byte*>(at), bytes};
}

Result<void> QueueFile::configure(QueueKind kind, std::uint32_t descriptor_bytes) noexcept {
  uacce::QueueContext context{.id = 0, .type = static_cast<std::uint16_t>(kind)};
  if (const long done = calls_->ioctl(calls_->world, fd_, uacce::kSetContext, &context); done < 0)
    return failed(done, "a queue's context cannot be set");
  rings_.number = context.id;

  uacce::QueueInfo info{};
  if (calls_->ioctl(calls_->world, fd_, uacce::kGetInfo, &info) < 0) {
    // An old kernel: it has no such call, and only these sizes.
    constexpr std::uint16_t kOldSlots = 1024;
    info = {descriptor_bytes, kOldSlots, kOldSlots, 0};
  }
  rings_.descriptor_bytes = info.descriptor_bytes;
  rings_.submission_slots = info.submission_slots;
  rings_.completion_slots = info.completion_slots;
  return {};
}

Result<void> QueueFile::start() noexcept {
  const auto done = control(uacce::kStart, nullptr);
  if (!done) return done.error();
  started_ = true;
  return {};
}

void QueueFile::stop() noexcept {
  // Whatever the call answers there is nothing to add: close() stops, too, unless a forked child
  // holds the file open, for which this call is made. EINTR comes before anything is done.
  constexpr int kTries = 100;
  if (!started_) return;
  started_ = false;
  for (int i = 0; i < kTries; ++i) {
    const auto stopped = control(uacce::kPutQueue, nullptr);
    if (stopped || stopped.error().sys_errno != EINTR) return;
  }
}

void QueueFile::unmap(Region& region) noexcept {
  if (region.shared_at != nullptr) calls_->unmap(calls_->world, region.shared_at, region.bytes);
  region = {};
}

void QueueFile::close() noexcept {
  if (fd_ < 0) return;
  stop();
  // The mappings hold the file, too: the queue is free when they and the descriptor are gone. Where
  // the descriptor was stolen, the last of them is what stops it.
  unmap(mmio_);
  unmap(dus_);
  if (!stolen()) calls_->close(calls_->world, fd_);
  fd_ = -1;
}

void QueueFile::disown() noexcept {
  if (fd_ >= 0 && !stolen()) calls_->close(calls_->world, fd_);
  fd_ = -1;
  started_ = false;
  dus_ = {};
  mmio_ = {};
}

int QueueFile::poll(int timeout_milliseconds) noexcept {
  if (stolen()) return -ESTALE;
  return calls_->poll(calls_->world, fd_, timeout_milliseconds);
}

bool QueueFile::stolen() const noexcept {
  FileIdentity present{};
  return calls_->identify(calls_->world, fd_, &present) != 0 || !(present == identity_);
}

Result<QueueFile::Region> QueueFile::map_static_share(std::size_t bytes) noexcept {
  if (stolen()) return failed(-ESTALE, "a queue's descriptor is gone");
  return map(uacce::kStaticShareRegion, bytes);
}

Result<long> QueueFile::control(unsigned long request, void* argument) noexcept {
  if (stolen()) return failed(-ESTALE, "a queue's descriptor is gone");
  const long done = calls_->ioctl(calls_->world, fd_, request, argument);
  if (done < 0) return failed(done, "a queue refuses a call");
  return done;
}

WD_NAMESPACE_END
