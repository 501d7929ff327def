// ASYNC_JOBs and the event loop that a program would have around them.
#ifndef WD_TESTS_PROVIDER_JOBS_JOB_LOOP_HPP_
#define WD_TESTS_PROVIDER_JOBS_JOB_LOOP_HPP_

#include <openssl/async.h>

#include <functional>
#include <vector>

namespace wd::test {

// One job: started, paused, gone on with, until its work is done.
class Job {
 public:
  explicit Job(std::function<bool()> work);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Starts it or goes on. ASYNC_PAUSE, ASYNC_FINISH, ASYNC_ERR or ASYNC_NO_JOBS.
  int go_on();
  [[nodiscard]] bool finished() const { return finished_; }
  // What the work answered.
  [[nodiscard]] bool succeeded() const { return result_ == 1; }
  [[nodiscard]] int pauses() const { return pauses_; }
  [[nodiscard]] ASYNC_WAIT_CTX* wait() { return wait_; }
  // What it waits for, as its wait context tells.
  [[nodiscard]] std::vector<int> descriptors() const;
  // Frees the wait context of a paused job, which will not be gone on with.
  void abandon();

 private:
  static int run(void* self);

  std::function<bool()> work_;
  ASYNC_WAIT_CTX* wait_;
  ASYNC_JOB* job_ = nullptr;
  int result_ = 0;
  int pauses_ = 0;
  bool finished_ = false;
};

// Runs the jobs as an event loop does: starts all, then polls and goes on with those whose
// descriptors are readable. False if none is readable within a second, or a job has no descriptor.
bool run_all(const std::vector<Job*>& jobs);

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_JOBS_JOB_LOOP_HPP_
