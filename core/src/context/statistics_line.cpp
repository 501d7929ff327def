#include "context/statistics_line.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <initializer_list>

#include "wd/config.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace {

// `path` with %p replaced by the process id; false if it does not fit.
bool expand(const char* path, char* to, std::size_t capacity) noexcept {
  std::size_t used = 0;
  for (; *path != '\0'; ++path) {
    if (capacity - used < 24) return false;
    if (path[0] == '%' && path[1] == 'p') {
      used = static_cast<std::size_t>(
          std::to_chars(to + used, to + capacity - 1, static_cast<long>(getpid())).ptr - to);
      ++path;
    } else {
      to[used++] = *path;
    }
  }
  to[used] = '\0';
  return true;
}

// A write that fails or falls short (a full disk, a file size limit, a reader that went away) loses
// this line and nothing else: the signals that would end the process for it are swallowed.
void write_once(int fd, const char* text, std::size_t bytes) noexcept {
  const int saved = errno;
  sigset_t fatal;
  sigemptyset(&fatal);
  sigaddset(&fatal, SIGPIPE);
  sigaddset(&fatal, SIGXFSZ);
  sigset_t before;
  sigset_t pending_before;
  pthread_sigmask(SIG_BLOCK, &fatal, &before);
  sigpending(&pending_before);
  if (write(fd, text, bytes) < 0) {
    const timespec at_once{};
    for (const int signal : {SIGPIPE, SIGXFSZ}) {
      if (sigismember(&pending_before, signal) == 1) continue;  // not of our making
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, signal);
      while (sigtimedwait(&one, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = saved;
}

}  // namespace

StatisticsLine::StatisticsLine(const char* program, const char* plugin) noexcept {
  void* memory =
      mmap(nullptr, kCapacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  text_ = memory != MAP_FAILED ? static_cast<char*>(memory) : nullptr;
  put("{\"program\":");
  put_quoted(program);
  put_field(",\"pid\":", static_cast<std::uint64_t>(getpid()));
  put(",\"plugin\":");
  put_quoted(plugin);
  put(",\"version\":\"" WD_VERSION_STRING "\",\"requests\":[");
}

StatisticsLine::~StatisticsLine() noexcept {
  if (text_ != nullptr) munmap(text_, kCapacity);
}

void StatisticsLine::add(Algorithm algorithm, Engine engine, const RequestCounts& counts) noexcept {
  std::uint64_t fallbacks = 0;
  for (const std::uint64_t count : counts.fallbacks) fallbacks += count;
  if (counts.requests == 0 && fallbacks == 0) return;
  if (rows_++ != 0) put(",");
  put("{\"algorithm\":");
  put_quoted(name_of(algorithm));
  put(",\"backend\":");
  put_quoted(backend_of(engine));
  put(",\"engine\":");
  put_quoted(name_of(engine));
  put_field(",\"requests\":", counts.requests);
  put_field(",\"bytes_in\":", counts.bytes_in);
  put_field(",\"bytes_out\":", counts.bytes_out);
  put(",\"fallbacks\":{");
  bool first = true;
  for (std::size_t i = 0; i < static_cast<std::size_t>(FallbackReason::count_); ++i) {
    if (counts.fallbacks[i] == 0) continue;
    if (!first) put(",");
    first = false;
    put_quoted(name_of(static_cast<FallbackReason>(i)));
    put_field(":", counts.fallbacks[i]);
  }
  put("}}");
}

void StatisticsLine::append_to(const char* path) noexcept {
  put("]}\n");
  if (text_ == nullptr) return;
  if (std::strcmp(path, "-") == 0) return write_once(STDERR_FILENO, text_, size_);
  char expanded[Config::kMaxPathBytes + 32];
  if (!expand(path, expanded, sizeof(expanded))) return;
  const int saved = errno;
  // O_NONBLOCK: opening a FIFO that nobody reads must not hang; it is refused below.
  const int fd =
      open(expanded, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK,
           0600);
  if (fd >= 0) {
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) write_once(fd, text_, size_);
    close(fd);
  }
  errno = saved;
}

void StatisticsLine::put(std::string_view text) noexcept {
  // Sized for every row there is; a line that outgrew it would be cut, never overrun.
  if (text_ == nullptr) return;
  const std::size_t bytes = text.size() < kCapacity - size_ ? text.size() : kCapacity - size_;
  std::memcpy(text_ + size_, text.data(), bytes);
  size_ += bytes;
}

void StatisticsLine::put_quoted(const char* text) noexcept {
  put("\"");
  for (; *text != '\0'; ++text) {
    const auto byte = static_cast<unsigned char>(*text);
    if (byte == '"' || byte == '\\') {
      const char escaped[2] = {'\\', *text};
      put({escaped, 2});
    } else if (byte < 0x20 || byte >= 0x7f) {
      put("?");  // a program's name need not be UTF-8
    } else {
      put({text, 1});
    }
  }
  put("\"");
}

void StatisticsLine::put_number(std::uint64_t value) noexcept {
  char digits[20];
  put({digits, static_cast<std::size_t>(std::to_chars(digits, digits + 20, value).ptr - digits)});
}

void StatisticsLine::put_field(std::string_view name, std::uint64_t value) noexcept {
  put(name);
  put_number(value);
}

WD_NAMESPACE_END
