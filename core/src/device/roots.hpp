// Where the devices are looked for. Tests and tools set other places here; an environment variable
// never does.
#ifndef WD_DEVICE_ROOTS_HPP_
#define WD_DEVICE_ROOTS_HPP_

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// Borrowed strings, without a slash at the end.
struct Roots {
  const char* sysfs = "/sys/class/uacce";
  const char* dev = "/dev";
};

WD_NAMESPACE_END

#endif  // WD_DEVICE_ROOTS_HPP_
