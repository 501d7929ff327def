// How much of what sequences ask for that accelerators take was done by one.
#ifndef WD_TESTS_DIFFERENTIAL_DEVICE_SHARE_HPP_
#define WD_TESTS_DIFFERENTIAL_DEVICE_SHARE_HPP_

#include <cstdint>
#include <cstdio>

#include "choices.hpp"
#include "process.hpp"

namespace wd::test {

class DeviceShare {
 public:
  // `devices_read_raw`: they have raw deflate beside zlib and gzip.
  explicit DeviceShare(bool devices_read_raw) : raw_(devices_read_raw) {}

  // Behind each sequence.
  void count(const Choices& sequence) {
    const Bytes now = so_far();
    if (sequence.for_devices(raw_)) {
      ++sequences_;
      by_devices_ += now.by_devices - before_.by_devices;
      all_ += now.all - before_.all;
    }
    before_ = now;
  }
  // True if there were such sequences and it is `least` per cent and more.
  [[nodiscard]] bool at_least(unsigned least) const {
    const double share =
        all_ == 0 ? 0 : 100 * static_cast<double>(by_devices_) / static_cast<double>(all_);
    std::printf("by devices: %.1f %% of %llu bytes, in and out, of %llu sequences for them\n",
                share, static_cast<unsigned long long>(all_),
                static_cast<unsigned long long>(sequences_));
    return sequences_ != 0 && share >= least;
  }

 private:
  struct Bytes {
    std::uint64_t by_devices = 0;
    std::uint64_t all = 0;
  };

  static Bytes so_far() {
    Bytes bytes;
    const Context& context = shim::process_context();
    for (const Algorithm algorithm : {Algorithm::deflate, Algorithm::inflate})
      for (int engine = 0; engine < static_cast<int>(Engine::count_); ++engine) {
        const RequestCounts counts = context.statistics(algorithm, static_cast<Engine>(engine));
        const std::uint64_t both = counts.bytes_in + counts.bytes_out;
        bytes.all += both;
        if (static_cast<Engine>(engine) == Engine::hisi_zip) bytes.by_devices += both;
      }
    return bytes;
  }

  bool raw_;
  Bytes before_;
  std::uint64_t sequences_ = 0;
  std::uint64_t by_devices_ = 0;
  std::uint64_t all_ = 0;
};

}  // namespace wd::test

#endif  // WD_TESTS_DIFFERENTIAL_DEVICE_SHARE_HPP_
