// Where things are in the memory that a queue shares with its user.
//
//   submission ring   depth descriptors
//   completion ring   depth entries of 16 bytes, directly behind
//   (up to a page)
//   one more page     its last two words: reception stopped, transmission stopped
#ifndef WD_EMULATOR_MODEL_QUEUE_LAYOUT_HPP_
#define WD_EMULATOR_MODEL_QUEUE_LAYOUT_HPP_

#include <cstddef>
#include <cstdint>

namespace wd::emulator {

inline constexpr std::size_t kDescriptorBytes = 128;
inline constexpr std::size_t kCompletionBytes = 16;

struct QueueLayout {
  std::uint32_t depth;
  std::size_t page_bytes;

  [[nodiscard]] std::size_t completions_at() const { return depth * kDescriptorBytes; }
  [[nodiscard]] std::size_t completions_bytes() const { return depth * kCompletionBytes; }
  [[nodiscard]] std::size_t total_bytes() const {
    const std::size_t rings = completions_at() + completions_bytes();
    return (rings + page_bytes - 1) / page_bytes * page_bytes + page_bytes;
  }
  [[nodiscard]] std::size_t transmission_stopped_at() const { return total_bytes() - 4; }
  [[nodiscard]] std::size_t reception_stopped_at() const { return total_bytes() - 8; }
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_MODEL_QUEUE_LAYOUT_HPP_
