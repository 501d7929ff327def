// Where a sequence's decisions come from: a seeded generator, or a fuzzer's bytes.
#ifndef WD_TESTS_DIFFERENTIAL_CHOICES_HPP_
#define WD_TESTS_DIFFERENTIAL_CHOICES_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

namespace wd::test {

class Choices {
 public:
  // Replayable: the same seed gives the same decisions.
  explicit Choices(std::uint64_t seed) : state_(seed * 2 + 1) {}
  // Decisions from `data`; zero behind its end.
  explicit Choices(std::span<const std::uint8_t> data) : data_(data), from_data_(true) {}

  // A number below `limit`, which is not 0.
  std::uint32_t below(std::uint32_t limit) { return next() % limit; }
  bool one_in(std::uint32_t chances) { return below(chances) == 0; }
  // Small numbers far more often than large ones, all of them below `limit`.
  std::uint32_t skewed(std::uint32_t limit) {
    const std::uint32_t bits = below(32 - static_cast<std::uint32_t>(__builtin_clz(limit | 1))) + 1;
    const std::uint32_t value = below(1u << bits);
    return value < limit ? value : limit - 1;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(next()); }

  // A sequence says so where it decides on something that accelerators leave to software
  // (shim-zlib/README.md); the others are what they are held to.
  void not_for_devices() { for_devices_ = false; }
  // The same by windowBits: no small windows, and raw data is not for all devices.
  void decided_on_window(int window_bits) {
    if (window_bits < 0) raw_ = true;
    const int bits = window_bits < 0 ? -window_bits : window_bits & 15;
    if (bits != 15) not_for_devices();
  }
  [[nodiscard]] bool for_devices(bool that_read_raw) const {
    return for_devices_ && (that_read_raw || !raw_);
  }
  [[nodiscard]] bool exhausted() const { return from_data_ && data_.empty(); }

 private:
  std::uint32_t next() {
    if (from_data_) {
      std::uint32_t value = 0;
      for (int i = 0; i < 3 && !data_.empty(); ++i) {
        value = value << 8 | data_[0];
        data_ = data_.subspan(1);
      }
      return value;
    }
    // splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
  }

  std::uint64_t state_ = 0;
  std::span<const std::uint8_t> data_;
  bool from_data_ = false;
  bool for_devices_ = true;
  bool raw_ = false;
};

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_CHOICES_HPP_
