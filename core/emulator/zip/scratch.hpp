// Memory that an engine works in: grows as needed, and is given back when it was needed for one
// large request only.
#ifndef WD_EMULATOR_ZIP_SCRATCH_HPP_
#define WD_EMULATOR_ZIP_SCRATCH_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace wd::emulator::zip {

class Scratch {
 public:
  // What was there is gone.
  std::span<std::uint8_t> room(std::size_t bytes) {
    if (bytes > capacity_) {
      bytes_.reset();
      capacity_ = 0;
      bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
      capacity_ = bytes;
    }
    return {bytes_.get(), bytes};
  }

  void trim() {
    constexpr std::size_t kMostKept = 2U << 20;
    if (capacity_ <= kMostKept) return;
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
};

}  // namespace wd::emulator::zip

#endif  // WD_EMULATOR_ZIP_SCRATCH_HPP_
