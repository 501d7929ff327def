#ifndef WD_BENCH_MICRO_SOFTWARE_CONTEXT_HPP_
#define WD_BENCH_MICRO_SOFTWARE_CONTEXT_HPP_

#include <wd/context.hpp>

namespace wd::bench {

// Defaults, whatever the machine's configuration and the environment say, and never a device.
inline const Context& software_context() {
  static const Context instance(
      [] {
        Config config;
        config.backend = BackendChoice::software;
        return config;
      }(),
      "bench");
  return instance;
}

}  // namespace wd::bench

#endif  // WD_BENCH_MICRO_SOFTWARE_CONTEXT_HPP_
