// What wd_emulator_control understands; the words are in wd_emulator.h.
#ifndef WD_EMULATOR_PROCESS_CONTROL_HPP_
#define WD_EMULATOR_PROCESS_CONTROL_HPP_

#include <string_view>

#include "process/world.hpp"

namespace wd::emulator {

long control(World& world, std::string_view device, std::string_view command);

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_CONTROL_HPP_
