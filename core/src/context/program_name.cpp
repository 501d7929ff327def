#include "context/program_name.hpp"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/unique_fd.hpp"

WD_NAMESPACE_BEGIN

namespace {

// OpenSSH's sandbox refuses to open files, but ends a process that reads a link. Whoever may not
// open this one is not to try.
bool may_read_links() noexcept {
  return static_cast<bool>(UniqueFd(open("/proc/self/exe", O_PATH | O_CLOEXEC)));
}

}  // namespace

void name_program(char* to, std::size_t capacity) noexcept {
  // Not argv[0], which servers overwrite with what they are doing; that is only for want of /proc.
  char path[1024];
  const int saved = errno;
  const ssize_t bytes = may_read_links() ? readlink("/proc/self/exe", path, sizeof(path) - 1) : -1;
  errno = saved;
  const char* name = program_invocation_short_name;
  if (bytes > 0) {
    path[bytes] = '\0';
    const char* slash = std::strrchr(path, '/');
    name = slash != nullptr ? slash + 1 : path;
  }
  std::string_view kept(name);
  // What the kernel appends when the file was replaced under the running program.
  constexpr std::string_view kReplaced = " (deleted)";
  if (bytes > 0 && kept.ends_with(kReplaced)) kept.remove_suffix(kReplaced.size());
  const std::size_t length = std::min(kept.size(), capacity - 1);
  std::memcpy(to, kept.data(), length);
  to[length] = '\0';
}

WD_NAMESPACE_END
