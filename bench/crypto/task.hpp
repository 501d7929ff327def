#ifndef WD_BENCH_CRYPTO_TASK_HPP_
#define WD_BENCH_CRYPTO_TASK_HPP_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace wd::bench {

using Bytes = std::vector<std::uint8_t>;

// What a row does, made once for each of the two libraries.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

  virtual void run(unsigned operations) = 0;

  // What the last operation made. Two tasks that have done as many operations agree, whichever
  // library they are made with. Where results are random it says whether the last one was right.
  [[nodiscard]] virtual Bytes output() const = 0;
};

using TaskPtr = std::unique_ptr<Task>;

// The same every time, and no two pieces of it alike.
inline Bytes test_bytes(std::size_t count) {
  Bytes bytes(count);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_TASK_HPP_
