#include "context/program_name.hpp"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

WD_NAMESPACE_BEGIN

void name_program(char* to, std::size_t capacity) noexcept {
  // Not argv[0], which servers overwrite with what they are doing; that is only for want of /proc.
  char path[1024];
  const int saved = errno;
  const ssize_t bytes = readlink("/proc/self/exe", path, sizeof(path) - 1);
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
