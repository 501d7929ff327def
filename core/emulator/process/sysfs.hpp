// The part of sysfs that a driver looks at: /sys/class/uacce as the emulated devices make it. What
// it says of the machine (/sys/devices/system) is the machine's own.
#ifndef WD_EMULATOR_PROCESS_SYSFS_HPP_
#define WD_EMULATOR_PROCESS_SYSFS_HPP_

#include <cstddef>
#include <string_view>

#include "process/world.hpp"

namespace wd::emulator {

long read_attribute(World& world, std::string_view path, char* to, std::size_t capacity);

int list_folder(World& world, std::string_view path, void* user,
                void (*each)(void* user, const char* name) noexcept);

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_SYSFS_HPP_
