// The faults that can be asked for, and when each happens.
#ifndef WD_EMULATOR_MODEL_FAULT_RULE_HPP_
#define WD_EMULATOR_MODEL_FAULT_RULE_HPP_

#include <array>
#include <cstdint>
#include <string_view>

namespace wd::emulator {

enum class Fault : std::uint8_t {
  none,
  late,            // the completion comes later
  late_write,      // the output, too
  lost,            // the output is there, the completion never comes
  doubled,         // the completion comes twice
  corrupt,         // a byte of the output is wrong
  wrong_counts,    // consumed and produced are wrong
  unknown_status,  // a status that no sheet lists
  wrong_slot,      // the completion names a slot that does not exist
  slow,            // the device does nothing else meanwhile
  stop,            // this queue alone stops, its requests drained
  reset,           // all queues stop, their requests drained
  reset_blocked,   // all queues stop, and requests in flight end without a completion
  remove,          // the device is gone
  exhausted,       // open() finds no free queue; counted in opens, not in requests
};

struct FaultName {
  std::string_view name;
  Fault fault;
  bool at_random;  // among those that `random` picks from
};

inline constexpr std::array kFaultNames{
    FaultName{"late", Fault::late, true},
    FaultName{"late_write", Fault::late_write, true},
    FaultName{"lost", Fault::lost, true},
    FaultName{"doubled", Fault::doubled, true},
    FaultName{"corrupt", Fault::corrupt, true},
    FaultName{"wrong_counts", Fault::wrong_counts, true},
    FaultName{"unknown_status", Fault::unknown_status, true},
    FaultName{"wrong_slot", Fault::wrong_slot, true},
    FaultName{"slow", Fault::slow, true},
    FaultName{"stop", Fault::stop, true},
    FaultName{"reset", Fault::reset, true},
    FaultName{"reset_blocked", Fault::reset_blocked, true},
    FaultName{"remove", Fault::remove, false},
    FaultName{"exhausted", Fault::exhausted, false},
};

struct FaultRule {
  Fault fault = Fault::none;
  // The first request that it happens to, counted from 1 per device; 0: by chance.
  std::uint64_t first = 0;
  // And to all that follow.
  bool onwards = false;
  std::uint32_t per_million = 0;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_FAULT_RULE_HPP_
