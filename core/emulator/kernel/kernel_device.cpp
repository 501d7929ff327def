#include "kernel/kernel_device.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "model/description.hpp"

namespace wd::emulator {
namespace {

// How long to look for news without a call, before a call sleeps.
constexpr auto kLooksFor = std::chrono::microseconds(50);

// Addresses without memory behind them; what is written there goes nowhere.
std::byte* reserve(void* at, std::size_t bytes) {
  const int fixed = at == nullptr ? 0 : MAP_FIXED;
  void* const got = mmap(at, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed, -1, 0);
  return got == MAP_FAILED ? nullptr : static_cast<std::byte*>(got);
}

template <std::size_t kBytes>
void write_text(std::string_view text, unsigned char (&to)[kBytes]) {
  std::copy(text.begin(), text.end(), to);
  to[text.size()] = 0;
}

wd_dummy_create describe(const DeviceOptions& options, std::size_t page_bytes) {
  wd_dummy_create device{};
  write_text(options.name, device.name);
  write_text(api_name(options.api), device.api);
  write_text(algorithm_names(options.api), device.algorithms);
  device.format = options.api == Api::v2 ? WD_DUMMY_HISI_ZIP_V2 : WD_DUMMY_HISI_ZIP_V3;
  device.queues = options.queues;
  device.depth = options.depth;
  device.register_bytes = static_cast<std::uint32_t>(register_bytes(options.api, page_bytes));
  device.numa_node = options.numa_node;
  return device;
}

// What the kernel decides, no model of it.
bool asks_for_kernel_habits(const DeviceOptions& options) {
  return !options.shared_addresses || options.direct_memory || options.removal_is_bus_error ||
         options.isolate_strategy != 0 || options.kernel.name != "6.19";
}

bool is_alone() {
  cpu_set_t cpus;
  return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) == 1;
}

}  // namespace

Result<std::unique_ptr<KernelDevice>> KernelDevice::make(const DeviceOptions& options) {
  if (asks_for_kernel_habits(options))
    return Error{Errc::unsupported, EINVAL,
                 "kernel, memory, removal, sva and isolate_strategy are the kernel's own here"};
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  auto file = ControlFile::open();
  if (!file) return file.error();
  wd_dummy_create device = describe(options, page_bytes);
  if (const int failed = file->create(device); failed != 0)
    return Error{Errc::io, -failed, "the kernel does not make such a device"};
  const QueueLayout layout{options.depth, page_bytes};
  if (layout.total_bytes() != device.shared_bytes)
    return Error{Errc::io, EPROTO, "the kernel's queues have another size"};
  std::byte* const queues = reserve(nullptr, options.queues * layout.total_bytes());
  const std::uint32_t* const news = file->map_news(page_bytes);
  if (queues == nullptr || news == nullptr)
    return Error{Errc::no_memory, ENOMEM, "no addresses for the queues"};
  return std::unique_ptr<KernelDevice>(
      new KernelDevice(options, layout, std::move(*file),
                       options.name + "-" + std::to_string(device.number), queues, news));
}

KernelDevice::KernelDevice(const DeviceOptions& options, const QueueLayout& layout,
                           ControlFile&& file, std::string name, std::byte* queues,
                           const std::uint32_t* news)
    : layout_(layout),
      file_(std::move(file)),
      name_(std::move(name)),
      queues_(queues),
      news_(news),
      open_(options.queues),
      model_(options, layout, queues, *this) {
  for (unsigned queue = 0; queue < options.queues; ++queue) memories_.emplace_back(file_, queue);
}

int KernelDevice::run() {
  std::array<wd_dummy_event, 64> events;
  for (;;) {
    look_for_news();
    // What comes from here on makes the count another one.
    seen_news_ = __atomic_load_n(news_, __ATOMIC_ACQUIRE);
    const int count = file_.wait(events);
    if (count == -ENODEV) return 0;
    if (count == -EINTR) continue;
    if (count < 0) return count;
    for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
  }
}

void KernelDevice::look_for_news() const noexcept {
  // On one CPU nobody makes news while this thread looks for them.
  static const bool alone = is_alone();
  const Clock::time_point until = Clock::now() + kLooksFor;
  while (!alone && __atomic_load_n(news_, __ATOMIC_RELAXED) == seen_news_ && Clock::now() < until) {
  }
}

void KernelDevice::handle(const wd_dummy_event& event) {
  const auto number = static_cast<std::uint16_t>(event.queue);
  const auto ring = [&](Doorbell::Command command, std::uint16_t index, bool rearm) {
    model_.ring({.queue = number, .command = command, .index = index, .rearm = rearm});
  };
  if ((event.what & WD_DUMMY_OPEN) != 0) file_.answer(number, WD_DUMMY_OPEN, open(number));
  if ((event.what & WD_DUMMY_START) != 0)
    file_.answer(number, WD_DUMMY_START, start(number, event.type));
  if ((event.what & WD_DUMMY_TAIL) != 0) ring(Doorbell::kSubmission, event.tail, false);
  if ((event.what & WD_DUMMY_HEAD) != 0)
    ring(Doorbell::kCompletion, event.head, (event.what & WD_DUMMY_ARMED) != 0);
  if ((event.what & WD_DUMMY_STOP) != 0) {
    if (open_[number] != nullptr) open_[number]->stop(false);
    file_.answer(number, WD_DUMMY_STOP, 0);
  }
  if ((event.what & WD_DUMMY_CLOSED) != 0) close(number);
}

int KernelDevice::open(unsigned queue) {
  if (!file_.map_queue(queue, memory_of(queue), layout_.total_bytes())) return -ENOMEM;
  const auto opened = model_.open(queue);
  if (!opened) return -opened.error().sys_errno;
  open_[queue] = *opened;
  return 0;
}

int KernelDevice::start(unsigned queue, unsigned type) {
  if (model_.is_resetting()) return -EPERM;
  if (open_[queue] == nullptr) return -EINVAL;
  open_[queue]->set_type(type);
  return model_.start(*open_[queue]) ? 0 : -EINVAL;
}

void KernelDevice::close(unsigned queue) {
  if (open_[queue] != nullptr) open_[queue]->take_back();
  open_[queue] = nullptr;
  // Memory of nobody's in its place: a thread of the model may be about to raise the queue's flag.
  reserve(memory_of(queue), layout_.total_bytes());
  file_.answer(queue, WD_DUMMY_CLOSED, 0);
}

ClientMemory& KernelDevice::memory(unsigned queue, std::uint32_t slot) noexcept {
  memories_[queue].set_slot(slot);
  return memories_[queue];
}

bool KernelDevice::fetch(unsigned queue, std::uint32_t slot, const std::byte*,
                         Descriptor& request) noexcept {
  return file_.fetch(queue, slot, request) == 0;
}

}  // namespace wd::emulator
