#include "kernel/control_file.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

namespace wd::emulator {
namespace {

constexpr const char* kPath = "/dev/wd_dummy";

std::uint64_t number_of(const void* address) {
  return reinterpret_cast<std::uint64_t>(address);
}

Error cannot_open(int error) {
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return {Errc::not_found, error,
              "there is no /dev/wd_dummy: the kernel module is not loaded (modprobe wd_dummy)"};
    case EPERM:
    case EACCES:
      return {Errc::unsupported, error, "/dev/wd_dummy is for processes with CAP_SYS_ADMIN only"};
    default:
      return {Errc::io, error, "/dev/wd_dummy cannot be opened"};
  }
}

}  // namespace

Result<ControlFile> ControlFile::open() {
  UniqueFd fd(::open(kPath, O_RDWR | O_CLOEXEC));
  if (!fd) return cannot_open(errno);
  return ControlFile(std::move(fd));
}

int ControlFile::call(unsigned long request, void* argument) noexcept {
  return ioctl(fd_.get(), request, argument) < 0 ? -errno : 0;
}

int ControlFile::create(wd_dummy_create& device) noexcept {
  return call(WD_DUMMY_CREATE, &device);
}

int ControlFile::wait(std::span<wd_dummy_event> events) noexcept {
  wd_dummy_wait wait{};
  wait.events = number_of(events.data());
  wait.capacity = static_cast<std::uint32_t>(events.size());
  wait.timeout_ms = -1;
  const int failed = call(WD_DUMMY_WAIT, &wait);
  return failed < 0 ? failed : static_cast<int>(wait.count);
}

void ControlFile::answer(unsigned queue, std::uint32_t question, int result) noexcept {
  wd_dummy_answer answer{};
  answer.queue = queue;
  answer.what = question;
  answer.result = result;
  // Whoever asked may not have waited for it.
  (void)call(WD_DUMMY_ANSWER, &answer);
}

int ControlFile::fetch(unsigned queue, std::uint32_t slot, Descriptor& descriptor) noexcept {
  static_assert(sizeof(Descriptor) == WD_DUMMY_DESCRIPTOR_BYTES);
  wd_dummy_fetch fetch{};
  fetch.at = {.queue = queue, .slot = slot};
  const int failed = call(WD_DUMMY_FETCH, &fetch);
  if (failed == 0) std::memcpy(descriptor.data(), fetch.descriptor, sizeof(fetch.descriptor));
  return failed;
}

int ControlFile::read(wd_dummy_slot at, std::uint64_t from, void* to, std::size_t bytes) noexcept {
  wd_dummy_copy copy{.at = at, .client = from, .engine = number_of(to), .bytes = bytes};
  return call(WD_DUMMY_READ, &copy);
}

int ControlFile::write(wd_dummy_slot at, std::uint64_t to, const void* from,
                       std::size_t bytes) noexcept {
  wd_dummy_copy copy{.at = at, .client = to, .engine = number_of(from), .bytes = bytes};
  return call(WD_DUMMY_WRITE, &copy);
}

void ControlFile::complete(wd_dummy_slot at) noexcept {
  (void)call(WD_DUMMY_COMPLETE, &at);
}

void ControlFile::interrupt(unsigned queue) noexcept {
  (void)ioctl(fd_.get(), WD_DUMMY_INTERRUPT, static_cast<unsigned long>(queue));
}

void ControlFile::remove() noexcept {
  (void)call(WD_DUMMY_REMOVE, nullptr);
}

bool ControlFile::map_queue(unsigned queue, void* at, std::size_t bytes) noexcept {
  return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd_.get(),
              static_cast<off_t>(WD_DUMMY_MAP_QUEUE(queue))) != MAP_FAILED;
}

const std::uint32_t* ControlFile::map_news(std::size_t page_bytes) noexcept {
  void* const at = mmap(nullptr, page_bytes, PROT_READ, MAP_SHARED, fd_.get(),
                        static_cast<off_t>(WD_DUMMY_MAP_NEWS));
  return at == MAP_FAILED ? nullptr : static_cast<const std::uint32_t*>(at);
}

}  // namespace wd::emulator
