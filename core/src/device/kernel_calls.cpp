#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device/system_calls.hpp"

WD_NAMESPACE_BEGIN

namespace {

// The caller's errno stays as it was: what happens here is no business of the program's.
class KeptErrno {
 public:
  KeptErrno() noexcept : saved_(errno) {}
  ~KeptErrno() { errno = saved_; }
  KeptErrno(const KeptErrno&) = delete;
  KeptErrno& operator=(const KeptErrno&) = delete;

 private:
  int saved_;
};

template <class Number>
Number or_errno(Number result) noexcept {
  return result < 0 ? static_cast<Number>(-errno) : result;
}

int open_node(void*, const char* path, int flags) noexcept {
  const KeptErrno kept;
  return or_errno(open(path, flags | O_CLOEXEC));
}

int close_node(void*, int fd) noexcept {
  const KeptErrno kept;
  return or_errno(close(fd));
}

long control(void*, int fd, unsigned long request, void* argument) noexcept {
  const KeptErrno kept;
  return or_errno<long>(ioctl(fd, request, argument));
}

void* map(void*, int fd, std::size_t bytes, std::uint64_t offset, int* error) noexcept {
  const KeptErrno kept;
  void* at =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (at != MAP_FAILED) return at;
  *error = -errno;
  return nullptr;
}

int unmap(void*, void* address, std::size_t bytes) noexcept {
  const KeptErrno kept;
  return or_errno(munmap(address, bytes));
}

int wait_readable(void*, int fd, int timeout_milliseconds) noexcept {
  const KeptErrno kept;
  pollfd waiting{fd, POLLIN, 0};
  const int ready = poll(&waiting, 1, timeout_milliseconds);
  if (ready < 0) return -errno;
  if ((waiting.revents & POLLIN) != 0) return 1;
  if ((waiting.revents & POLLNVAL) != 0) return -EBADF;
  return ready == 0 ? 0 : -EPIPE;
}

int identify(void*, int fd, FileIdentity* identity) noexcept {
  const KeptErrno kept;
  struct stat status {};
  if (fstat(fd, &status) != 0) return -errno;
  *identity = {status.st_dev, status.st_ino, status.st_rdev};
  return 0;
}

long read_file(void*, const char* path, char* to, std::size_t capacity) noexcept {
  const KeptErrno kept;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  std::size_t at = 0;
  long failure = 0;
  while (at < capacity) {
    const ssize_t bytes = read(fd, to + at, capacity - at);
    if (bytes == 0) break;
    if (bytes > 0)
      at += static_cast<std::size_t>(bytes);
    else if (errno != EINTR) {
      failure = -errno;
      break;
    }
  }
  close(fd);
  return failure != 0 ? failure : static_cast<long>(at);
}

int list_folder(void*, const char* path, void* user,
                void (*each)(void* user, const char* name) noexcept) noexcept {
  const KeptErrno kept;
  DIR* folder = opendir(path);
  if (folder == nullptr) return -errno;
  errno = 0;
  while (const dirent* entry = readdir(folder)) {
    const char* name = entry->d_name;
    const bool dots = name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
    if (!dots) each(user, name);
    errno = 0;
  }
  const int failure = errno;
  closedir(folder);
  return -failure;
}

constexpr SystemCalls kKernelCalls{
    .abi = kSystemCallsAbi,
    .world = nullptr,
    .open = open_node,
    .close = close_node,
    .ioctl = control,
    .map = map,
    .unmap = unmap,
    .poll = wait_readable,
    .identify = identify,
    .read_file = read_file,
    .list_folder = list_folder,
    .after_doorbell = nullptr,
};

}  // namespace

const SystemCalls& kernel_calls() noexcept {
  return kKernelCalls;
}

WD_NAMESPACE_END
