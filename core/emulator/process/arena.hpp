// The memory of a device's queues, and where their owners see it: regions of fixed addresses,
// hidden until they are mapped and again when they are unmapped. A forked child has none of it, as
// with the regions of a driver.
#ifndef WD_EMULATOR_PROCESS_ARENA_HPP_
#define WD_EMULATOR_PROCESS_ARENA_HPP_

#include <cstddef>
#include <optional>

#include "wd/result.hpp"

namespace wd::emulator {

enum class Region : unsigned { registers = 0, shared = 1 };

// One stretch of addresses for all queues.
class Stretch {
 public:
  Stretch() = default;
  Stretch(std::byte* at, std::size_t bytes_each, unsigned count)
      : at_(at), bytes_each_(bytes_each), count_(count) {}

  [[nodiscard]] std::byte* of(unsigned queue) const { return at_ + queue * bytes_each_; }
  [[nodiscard]] std::size_t bytes_each() const { return bytes_each_; }
  [[nodiscard]] std::optional<unsigned> queue_at(const volatile void* address) const {
    const auto offset =
        static_cast<std::size_t>(static_cast<const volatile std::byte*>(address) - at_);
    if (at_ == nullptr || offset / bytes_each_ >= count_) return std::nullopt;
    return static_cast<unsigned>(offset / bytes_each_);
  }

 private:
  std::byte* at_ = nullptr;
  std::size_t bytes_each_ = 1;
  unsigned count_ = 0;
};

class Arena {
 public:
  static Result<Arena> make(unsigned queues, std::size_t register_bytes, std::size_t shared_bytes);

  // The device's own view of what is shared.
  [[nodiscard]] std::byte* memory() const { return device_view_; }
  [[nodiscard]] const Stretch& stretch(Region region) const {
    return region == Region::registers ? registers_ : shared_;
  }

  bool show(unsigned queue, Region region);
  void hide(unsigned queue, Region region);
  // Whoever touches a region gets a bus error from now on.
  void break_all(unsigned queues);

 private:
  std::byte* device_view_ = nullptr;
  Stretch registers_;
  Stretch shared_;
};

}  // namespace wd::emulator

#endif  // WD_EMULATOR_PROCESS_ARENA_HPP_
