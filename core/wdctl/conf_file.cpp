#include "conf_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace wd::ctl {

namespace {

constexpr std::string_view kOurComment = "# wdctl calibrate: ";

std::string_view key_of(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos || line[first] == '#') return {};
  line.remove_prefix(first);
  return line.substr(0, line.find_first_of(" \t="));
}

}  // namespace

std::string set_keys(const std::string& path, const std::string& comment,
                     const std::vector<std::pair<std::string, std::string>>& keys) {
  std::ostringstream text;
  if (std::ifstream old{path}) {
    for (std::string line; std::getline(old, line);) {
      const bool replaced = line.starts_with(kOurComment) ||
                            std::any_of(keys.begin(), keys.end(),
                                        [&](auto& key) { return key_of(line) == key.first; });
      if (!replaced) text << line << '\n';
    }
    if (old.bad()) return "cannot be read";
  }
  text << kOurComment << comment << '\n';
  for (const auto& [key, value] : keys) text << key << " = " << value << '\n';

  std::string fresh = path + ".XXXXXX";
  const int fd = mkstemp(fresh.data());
  if (fd < 0) return std::strerror(errno);
  const std::string all = text.str();
  // Readable by everybody, writable by nobody else: others are not believed.
  const bool written = write(fd, all.data(), all.size()) == static_cast<ssize_t>(all.size()) &&
                       fchmod(fd, 0644) == 0 && fsync(fd) == 0;
  const int error = errno;
  close(fd);
  if (written && std::rename(fresh.c_str(), path.c_str()) == 0) return {};
  const int reason = written ? errno : error;
  unlink(fresh.c_str());
  return std::strerror(reason);
}

}  // namespace wd::ctl
