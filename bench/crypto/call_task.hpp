#ifndef WD_BENCH_CRYPTO_CALL_TASK_HPP_
#define WD_BENCH_CRYPTO_CALL_TASK_HPP_

#include <utility>

#include "library.hpp"
#include "task.hpp"

namespace wd::bench {

// A task made of one function: `call(output)` does one operation, and says whether it succeeded.
template <class Call>
class CallTask : public Task {
 public:
  CallTask(const char* what, Call call) : what_(what), call_(std::move(call)) {}

  void run(unsigned operations) override {
    for (unsigned i = 0; i < operations; ++i) expect(call_(output_), what_);
  }
  Bytes output() const override { return output_; }

 private:
  const char* what_;
  Call call_;
  Bytes output_;
};

template <class Call>
TaskPtr call_task(const char* what, Call call) {
  return std::make_unique<CallTask<Call>>(what, std::move(call));
}

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_CALL_TASK_HPP_
