// The 64-bit word that tells a queue manager how far a ring has been filled or emptied.
#ifndef WD_RING_DOORBELL_HPP_
#define WD_RING_DOORBELL_HPP_

#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

namespace ring {

enum class DoorbellLayout : std::uint8_t {
  wide,    // v1: 16 bits of queue number, 16 of command
  narrow,  // v2 and later: 10 bits of queue number, 2 of zero, 4 of command
};

enum class DoorbellCommand : std::uint8_t {
  submission = 0,  // the index is the new tail
  completion = 1,  // the index is the new head
};

enum class DoorbellPriority : std::uint8_t {
  none = 0,
  arm = 1,  // of a completion doorbell: the next completion raises an event
};

[[nodiscard]] constexpr std::uint64_t doorbell_word(DoorbellLayout layout, std::uint16_t queue,
                                                    DoorbellCommand command, std::uint16_t index,
                                                    DoorbellPriority priority) noexcept {
  const auto high = std::uint64_t{index} << 32 | static_cast<std::uint64_t>(priority) << 48;
  if (layout == DoorbellLayout::wide)
    return high | static_cast<std::uint64_t>(command) << 16 | queue;
  return high | static_cast<std::uint64_t>(command) << 12 | (queue & 0x3ffu);
}

}  // namespace ring

WD_NAMESPACE_END

#endif  // WD_RING_DOORBELL_HPP_
