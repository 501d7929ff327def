// Descriptors belong to the process: it may close ours, and have other files under their numbers.
// So whatever is done with a number that was stored is done after a look at what it stands for.
#ifndef WD_EMULATOR_PROCESS_FILE_IDENTITY_HPP_
#define WD_EMULATOR_PROCESS_FILE_IDENTITY_HPP_

#include <sys/stat.h>

#include <optional>

#include "device/system_calls.hpp"

namespace wd::emulator {

inline std::optional<FileIdentity> identity_of(int fd) noexcept {
  struct stat status {};
  if (fstat(fd, &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino, status.st_rdev};
}

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_FILE_IDENTITY_HPP_
