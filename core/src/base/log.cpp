#include "base/log.hpp"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstring>

WD_NAMESPACE_BEGIN

namespace {

iovec piece(const char* text) noexcept {
  return {const_cast<char*>(text), std::strlen(text)};
}

}  // namespace

void log_line(const Config& config, LogLevel level, const char* plugin, const char* text) noexcept {
  if (level > config.log) return;
  const int saved = errno;
  const iovec pieces[] = {piece("wd: "), piece(plugin), piece(": "), piece(text), piece("\n")};
  [[maybe_unused]] const ssize_t written =
      writev(STDERR_FILENO, pieces, sizeof(pieces) / sizeof(pieces[0]));
  errno = saved;
}

WD_NAMESPACE_END
