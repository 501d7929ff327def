#include "job_loop.hpp"

#include <poll.h>

#include <utility>

namespace wd::test {

Job::Job(std::function<bool()> work) : work_(std::move(work)), wait_(ASYNC_WAIT_CTX_new()) {}

Job::~Job() {
  ASYNC_WAIT_CTX_free(wait_);
}

void Job::abandon() {
  ASYNC_WAIT_CTX_free(wait_);
  wait_ = nullptr;
}

int Job::run(void* self) {
  return (*static_cast<Job**>(self))->work_() ? 1 : 0;
}

int Job::go_on() {
  Job* self = this;
  const int status = ASYNC_start_job(&job_, wait_, &result_, run, &self, sizeof(self));
  if (status == ASYNC_PAUSE) ++pauses_;
  finished_ = status == ASYNC_FINISH;
  return status;
}

std::vector<int> Job::descriptors() const {
  std::size_t count = 0;
  ASYNC_WAIT_CTX_get_all_fds(wait_, nullptr, &count);
  std::vector<int> all(count);
  ASYNC_WAIT_CTX_get_all_fds(wait_, all.data(), &count);
  return all;
}

bool run_all(const std::vector<Job*>& jobs) {
  std::size_t unfinished = 0;
  for (Job* job : jobs) {
    const int status = job->go_on();
    if (status != ASYNC_PAUSE && status != ASYNC_FINISH) return false;
    if (status == ASYNC_PAUSE) ++unfinished;
  }
  while (unfinished > 0) {
    std::vector<pollfd> polled;
    std::vector<Job*> waiting;
    for (Job* job : jobs) {
      if (job->finished()) continue;
      const std::vector<int> descriptors = job->descriptors();
      if (descriptors.size() != 1) return false;
      polled.push_back({descriptors[0], POLLIN, 0});
      waiting.push_back(job);
    }
    if (poll(polled.data(), polled.size(), 1000) <= 0) return false;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if ((polled[i].revents & POLLIN) == 0) continue;
      const int status = waiting[i]->go_on();
      if (status != ASYNC_PAUSE && status != ASYNC_FINISH) return false;
      if (status == ASYNC_FINISH) --unfinished;
    }
  }
  return true;
}

}  // namespace wd::test
