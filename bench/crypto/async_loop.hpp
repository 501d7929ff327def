#ifndef WD_BENCH_CRYPTO_ASYNC_LOOP_HPP_
#define WD_BENCH_CRYPTO_ASYNC_LOOP_HPP_

#include <vector>

#include "task.hpp"

namespace wd::bench {

// Several tasks, each in an ASYNC_JOB of its own, in one thread: what `openssl speed -async_jobs`
// does. A loop polls the descriptors of the jobs that are paused and starts those again that are
// ready. One operation of this task is one of each.
TaskPtr in_jobs(std::vector<TaskPtr> tasks);

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_ASYNC_LOOP_HPP_
