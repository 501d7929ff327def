#include "process/sysfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/unique_fd.hpp"

namespace wd::emulator {
namespace {

constexpr std::string_view kClass = "/sys/class/uacce";
constexpr std::string_view kMachine = "/sys/devices/system/";

long read_real_file(const std::string& path, char* to, std::size_t capacity) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return -errno;
  const ssize_t bytes = ::read(file.get(), to, capacity);
  return bytes < 0 ? -errno : bytes;
}

int list_real_folder(const std::string& path, void* user,
                     void (*each)(void* user, const char* name) noexcept) {
  DIR* const folder = opendir(path.c_str());
  if (folder == nullptr) return -errno;
  while (const dirent* const entry = readdir(folder))
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
      each(user, entry->d_name);
  closedir(folder);
  return 0;
}

// What is behind the class's folder in `path`, without the slash; false if it is elsewhere.
bool below_class(std::string_view& path) {
  if (!path.starts_with(kClass)) return false;
  path.remove_prefix(kClass.size());
  if (!path.empty() && path.front() != '/') return false;
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  while (path.ends_with('/')) path.remove_suffix(1);
  return true;
}

}  // namespace

long read_attribute(World& world, std::string_view path, char* to, std::size_t capacity) {
  if (path.starts_with(kMachine)) return read_real_file(std::string(path), to, capacity);
  if (!below_class(path)) return -ENOENT;
  const std::size_t slash = path.find('/');
  HostedDevice* const device = world.find(path.substr(0, slash));
  if (device == nullptr || slash == std::string_view::npos) return -ENOENT;
  const std::string_view name = path.substr(slash + 1);
  if (name == "available_instances") world.settle_all();
  const auto text = device->attribute(name);
  if (!text) return -ENOENT;
  const std::size_t bytes = std::min(text->size(), capacity);
  std::memcpy(to, text->data(), bytes);
  return static_cast<long>(bytes);
}

int list_folder(World& world, std::string_view path, void* user,
                void (*each)(void* user, const char* name) noexcept) {
  if (path.starts_with(kMachine)) return list_real_folder(std::string(path), user, each);
  if (!below_class(path)) return -ENOENT;
  if (path.empty()) {
    for (const auto& device : world.devices())
      if (!device->model().is_removed()) each(user, device->name().c_str());
    return 0;
  }
  HostedDevice* const device = world.find(path);
  if (device == nullptr) return -ENOENT;
  for (const std::string_view name : device->attributes()) {
    const std::string entry(name.substr(0, name.find('/')));
    each(user, entry.c_str());
  }
  return 0;
}

}  // namespace wd::emulator
