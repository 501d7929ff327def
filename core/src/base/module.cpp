#include "base/module.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <initializer_list>

WD_NAMESPACE_BEGIN

namespace {

struct Path {
  char text[PATH_MAX];
  std::size_t length = 0;

  bool append(const char* more) noexcept {
    const std::size_t bytes = std::strlen(more);
    if (bytes >= sizeof(text) - length) return false;
    std::memcpy(text + length, more, bytes + 1);
    length += bytes;
    return true;
  }
  [[nodiscard]] bool ends_with(const char* end) const noexcept {
    const std::size_t bytes = std::strlen(end);
    return length >= bytes && std::memcmp(text + length - bytes, end, bytes) == 0;
  }
  // Cuts off the last name and its slash.
  bool to_folder() noexcept {
    const void* slash = memrchr(text, '/', length);
    if (slash == nullptr) return false;
    length = static_cast<std::size_t>(static_cast<const char*>(slash) - text);
    text[length] = '\0';
    return true;
  }
};

// Where this code was loaded from, without symbolic links; it is what the dynamic linker was told,
// which may have been relative.
bool own_file(Path& path) noexcept {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&own_file), &info) == 0 || info.dli_fname == nullptr ||
      realpath(info.dli_fname, path.text) == nullptr)
    return false;
  path.length = std::strlen(path.text);
  return true;
}

// Whoever can write this decides what runs inside the process.
bool nobody_else_can_write(const char* path, bool is_folder) noexcept {
  struct stat status;
  if (stat(path, &status) != 0) return false;
  const bool kind = is_folder ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode);
  const bool owned = status.st_uid == 0 || status.st_uid == geteuid();
  return kind && owned && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void* open_in(Path folder, const char* file) noexcept {
  if (!folder.append("/wd") || !nobody_else_can_write(folder.text, true)) return nullptr;
  if (!folder.append("/") || !folder.append(file) || !nobody_else_can_write(folder.text, false))
    return nullptr;
  return dlopen(folder.text, RTLD_NOW | RTLD_LOCAL);
}

}  // namespace

void* open_module(const char* file, const char* symbol) noexcept {
  const int saved = errno;
  void* found = nullptr;
  Path folder;
  if (own_file(folder) && folder.to_folder()) {
    void* module = open_in(folder, file);
    const bool in_program = folder.ends_with("/bin");
    if (module == nullptr && folder.to_folder()) {
      module = open_in(folder, file);
      // As built, and as installed.
      for (const char* libraries : {"/lib", "/" WD_INSTALLED_LIBRARIES}) {
        Path beside = folder;
        if (module == nullptr && in_program && beside.append(libraries))
          module = open_in(beside, file);
      }
    }
    if (module != nullptr) found = dlsym(module, symbol);
  }
  errno = saved;
  return found;
}

WD_NAMESPACE_END
