#include "tiny_driver.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace wd::test {
namespace {

template <class Function>
Function symbol(const char* name) {
  static void* const module = dlopen(WD_EMULATOR_MODULE, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) ADD_FAILURE() << dlerror();
  return reinterpret_cast<Function>(dlsym(module, name));
}

constexpr std::size_t kDescriptorBytes = 128;
constexpr std::size_t kEntryBytes = 16;

std::size_t page() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Emulated::Emulated(const std::string& names) {
  const int failed = symbol<OpenEmulator>(kEmulatorSymbol)(names.c_str(), &calls_);
  EXPECT_EQ(failed, 0) << names;
}

int Emulated::try_open(const char* names) {
  SystemCalls calls{};
  return symbol<OpenEmulator>(kEmulatorSymbol)(names, &calls);
}

std::string Emulated::attribute(const std::string& device, const std::string& name) const {
  char text[256];
  const std::string path = "/sys/class/uacce/" + device + "/" + name;
  const long bytes = calls_.read_file(calls_.world, path.c_str(), text, sizeof(text));
  return bytes < 0 ? std::to_string(bytes) : std::string(text, static_cast<std::size_t>(bytes));
}

std::vector<std::string> Emulated::folder(const std::string& path) const {
  std::vector<std::string> names;
  const int failed = calls_.list_folder(
      calls_.world, path.c_str(), &names, [](void* user, const char* name) noexcept {
        static_cast<std::vector<std::string>*>(user)->emplace_back(name);
      });
  if (failed != 0) return {std::to_string(failed)};
  return names;
}

long Emulated::control(const std::string& command, const std::string& device) const {
  using Control = long (*)(void*, const char*, const char*);
  return symbol<Control>("wd_emulator_control")(calls_.world, device.c_str(), command.c_str());
}

std::size_t QueueSize::shared_bytes() const {
  const std::size_t rings = depth * (kDescriptorBytes + kEntryBytes);
  return (rings + page() - 1) / page() * page() + page();
}

TinyQueue::TinyQueue(const Emulated& emulated, std::uint16_t type, QueueSize size,
                     const std::string& node)
    : calls_(emulated.calls()), size_(size) {
  // A device gives no queue while it is being reset.
  soon([&] {
    fd_ = calls_.open(calls_.world, node.c_str(), 0);
    return fd_ != -EPERM;
  });
  if (fd_ < 0) {
    ADD_FAILURE() << "open: " << fd_;
    return;
  }
  int error = 0;
  shared_ = static_cast<std::uint8_t*>(
      calls_.map(calls_.world, fd_, size_.shared_bytes(), page(), &error));
  EXPECT_EQ(error, 0);
  registers_ =
      static_cast<std::uint8_t*>(calls_.map(calls_.world, fd_, size_.register_bytes, 0, &error));
  EXPECT_EQ(error, 0);
  struct {
    std::uint16_t id, type;
  } context{0, type};
  EXPECT_EQ(ioctl(kSetContext, &context), 0);
  number_ = context.id;
  start();
}

TinyQueue::~TinyQueue() {
  unmap();
  close();
}

void TinyQueue::start() {
  long started = 0;
  soon([&] {
    started = ioctl(kStartQueue);
    return started != -EPERM;
  });
  EXPECT_EQ(started, 0);
  tail_ = 0;
  head_ = 0;
  phase_ = 1;
}

void TinyQueue::unmap() {
  if (shared_ != nullptr) calls_.unmap(calls_.world, shared_, size_.shared_bytes());
  if (registers_ != nullptr) calls_.unmap(calls_.world, registers_, size_.register_bytes);
  shared_ = nullptr;
  registers_ = nullptr;
}

void TinyQueue::close() {
  if (fd_ >= 0) calls_.close(calls_.world, fd_);
  fd_ = -1;
}

long TinyQueue::ioctl(unsigned long request, void* argument) const {
  return calls_.ioctl(calls_.world, fd_, request, argument);
}

void TinyQueue::store_doorbell(std::uint64_t word) {
  volatile void* const doorbell = registers_ + 0x1000;
  *static_cast<volatile std::uint64_t*>(doorbell) = word;
  calls_.after_doorbell(calls_.world, doorbell);
}

void TinyQueue::ring_submission(std::uint16_t tail) {
  store_doorbell(number_ | std::uint64_t{tail} << 32);
}

void TinyQueue::ring_completion(bool rearm) {
  store_doorbell(number_ | 1U << 12 | std::uint64_t{head_} << 32 | std::uint64_t{rearm} << 48);
}

std::uint16_t TinyQueue::submit(const Words& words) {
  const std::uint16_t slot = tail_;
  std::memcpy(shared_ + slot * kDescriptorBytes, words.data(), kDescriptorBytes);
  tail_ = static_cast<std::uint16_t>((tail_ + 1) % size_.depth);
  ring_submission(tail_);
  return slot;
}

std::optional<Completion> TinyQueue::look(bool ring, bool rearm) {
  std::uint8_t* const entry =
      shared_ + size_.depth * kDescriptorBytes + std::size_t{head_} * kEntryBytes;
  const std::uint64_t word =
      std::atomic_ref(*reinterpret_cast<std::uint64_t*>(entry + 8)).load(std::memory_order_acquire);
  if (((word >> 48) & 1) != phase_) return std::nullopt;
  Completion completion{
      static_cast<std::uint16_t>(word), static_cast<std::uint16_t>(word >> 16), {}};
  if (completion.slot < size_.depth)
    std::memcpy(completion.answer.data(), shared_ + completion.slot * kDescriptorBytes,
                kDescriptorBytes);
  head_ = static_cast<std::uint16_t>((head_ + 1) % size_.depth);
  if (head_ == 0) phase_ ^= 1;
  if (ring) ring_completion(rearm);
  return completion;
}

std::optional<Completion> TinyQueue::reap() {
  std::optional<Completion> found;
  soon([&] { return (found = look()).has_value(); });
  return found;
}

Words TinyQueue::run(const Words& words) {
  submit(words);
  const auto completion = reap();
  if (!completion) ADD_FAILURE() << "no completion";
  return completion ? completion->answer : Words{};
}

bool TinyQueue::transmission_stopped() const {
  auto* const flag = reinterpret_cast<std::uint32_t*>(shared_ + size_.shared_bytes() - 4);
  return std::atomic_ref(*flag).load(std::memory_order_acquire) == 1;
}

bool TinyQueue::reception_stopped() const {
  auto* const flag = reinterpret_cast<std::uint32_t*>(shared_ + size_.shared_bytes() - 8);
  return std::atomic_ref(*flag).load(std::memory_order_acquire) == 1;
}

bool TinyQueue::waits_for_stop() const {
  return soon([this] { return reception_stopped(); });
}

}  // namespace wd::test
