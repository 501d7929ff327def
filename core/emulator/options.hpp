// Which devices are asked for, read from text: `hisi_zip:api=v2:queues=16,hisi_zip`.
// README.md lists the parameters. Plain values; safe to use from any thread.
#ifndef WD_EMULATOR_OPTIONS_HPP_
#define WD_EMULATOR_OPTIONS_HPP_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/fault_rule.hpp"
#include "wd/result.hpp"

namespace wd::emulator {

enum class Api : std::uint8_t { v2, v3 };

enum class EngineKind : std::uint8_t {
  zip,          // computes
  null,         // completes at once, in a device thread
  null_inline,  // completes at once, in the thread that rings the doorbell
};

// What kernels with this device's driver do differently, as far as a user sees it.
struct KernelHabits {
  std::string_view name;
  bool put_queue_frees;       // PUT_Q ends the queue, instead of only stopping it
  bool maps_again;            // a region may be mapped again after it was unmapped
  bool isolates;              // the attributes isolate and isolate_strategy are there
  bool poll_takes_tokens;     // poll() consumes a count of events, instead of walking the ring
  bool has_static_share;      // a third region, for devices without shared addresses
  bool accepts_queue_type_2;  // for the data analysis engines
};

struct DeviceOptions {
  std::string name = "hisi_zip";
  Api api = Api::v3;
  EngineKind engine = EngineKind::zip;
  KernelHabits kernel{};
  unsigned devices = 1;
  unsigned queues = 64;
  unsigned depth = 1024;
  unsigned threads = 1;
  int numa_node = -1;
  bool shared_addresses = true;
  bool direct_memory = false;
  bool removal_is_bus_error = false;
  unsigned isolate_strategy = 0;
  std::uint64_t seed = 1;
  // How long what is late is late, and what is slow takes.
  std::chrono::milliseconds delay{20};
  std::chrono::milliseconds reset_time{5};
  std::vector<FaultRule> faults;
};

// The error's sys_errno says what to answer: ENODEV for a device there is no model of, EINVAL for a
// parameter that does not exist or has no such value.
Result<std::vector<DeviceOptions>> parse_devices(std::string_view names);

// The rules that one `fault` parameter stands for, as in `late@3` or `random%0.5`.
Result<std::vector<FaultRule>> parse_faults(std::string_view text);

}  // namespace wd::emulator

#endif  // WD_EMULATOR_OPTIONS_HPP_
