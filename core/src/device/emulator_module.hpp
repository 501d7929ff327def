// Emulated devices in the kernel's place: the module that models them, opened when somebody asks.
#ifndef WD_DEVICE_EMULATOR_MODULE_HPP_
#define WD_DEVICE_EMULATOR_MODULE_HPP_

#include "device/system_calls.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// The devices that `names` lists, as WD_EMULATE has them. They live until the process ends; each
// call makes new ones. not_found: there is no module, or one that somebody else could have written;
// invalid_argument: a device or parameter that does not exist.
Result<SystemCalls> open_emulator(const char* names) noexcept;

WD_NAMESPACE_END

#endif  // WD_DEVICE_EMULATOR_MODULE_HPP_
