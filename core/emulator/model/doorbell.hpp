// What a store to the doorbell register says, from version 2 of the queue hardware on.
#ifndef WD_EMULATOR_MODEL_DOORBELL_HPP_
#define WD_EMULATOR_MODEL_DOORBELL_HPP_

#include <cstddef>
#include <cstdint>

namespace wd::emulator {

// Where the register is in the region mapped for it.
inline constexpr std::size_t kDoorbellAt = 0x1000;

struct Doorbell {
  enum Command : std::uint8_t { kSubmission = 0, kCompletion = 1 };

  std::uint16_t queue;
  std::uint8_t command;
  std::uint16_t index;
  bool rearm;

  static constexpr Doorbell decode(std::uint64_t word) {
    return {.queue = static_cast<std::uint16_t>(word & 0x3ff),
            .command = static_cast<std::uint8_t>((word >> 12) & 0xf),
            .index = static_cast<std::uint16_t>(word >> 32),
            .rearm = ((word >> 48) & 1) != 0};
  }
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_DOORBELL_HPP_
