// Queues of an emulated device, and requests that are kept in flight on one of them.
#ifndef WD_BENCH_PATH_PIPELINE_HPP_
#define WD_BENCH_PATH_PIPELINE_HPP_

#include <atomic>
#include <cstdint>
#include <vector>

#include "device/system_calls.hpp"
#include "hisi/qm/queue.hpp"
#include "hisi/zip/descriptor.hpp"
#include "row.hpp"

namespace wd::bench {

// The device of a row, in this process; it stays until the process ends.
class PathDevice {
 public:
  explicit PathDevice(const Row& row);

  [[nodiscard]] hisi::Queue* open_queue() const;
  [[nodiscard]] const hisi::zip::Dialect& dialect() const;
  [[nodiscard]] const SystemCalls& calls() const { return calls_; }

 private:
  SystemCalls calls_;
  DeviceInfo info_;
  std::atomic<std::uint32_t> here_{1};
};

// Up to `depth` requests in flight on one queue; the oldest is waited for when there are as many.
// A request is a stateless compression: encoded, submitted, collected, fetched, decoded, and its
// counts compared, which is all that a caller pays beside what the device does.
class Pipeline {
 public:
  Pipeline(hisi::Queue& queue, const hisi::zip::Dialect& dialect, unsigned depth)
      : queue_(queue), dialect_(dialect), flying_(depth) {}

  // Before another can be submitted.
  [[nodiscard]] bool full() const { return count_ == flying_.size(); }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  void submit() noexcept;
  // Waits for the oldest.
  void finish_one() noexcept;
  // One more request; the pipeline is full behind the first few.
  void step() noexcept {
    if (full()) finish_one();
    submit();
  }
  void drain() noexcept {
    while (!empty()) finish_one();
  }

 private:
  struct Flying {
    ring::Tag tag;
    std::uint32_t bytes;
  };

  hisi::Queue& queue_;
  const hisi::zip::Dialect& dialect_;
  std::vector<Flying> flying_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint32_t turn_ = 0;
};

}  // namespace wd::bench

#endif  // WD_BENCH_PATH_PIPELINE_HPP_
