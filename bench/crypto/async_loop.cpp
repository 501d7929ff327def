#include "async_loop.hpp"

#include <openssl/async.h>
#include <poll.h>

#include "fail.hpp"
#include "handles.hpp"
#include "library.hpp"

namespace wd::bench {
namespace {

using WaitContext = Handle<ASYNC_WAIT_CTX, ASYNC_WAIT_CTX_free>;

class Job {
 public:
  explicit Job(TaskPtr task) : task_(std::move(task)), wait_(ASYNC_WAIT_CTX_new()) {
    expect(wait_ != nullptr, "no wait context");
  }

  // Begins, or goes on. False once it is done.
  bool start(unsigned operations) {
    Order order{task_.get(), operations};
    int result = 0;
    switch (ASYNC_start_job(&job_, wait_.get(), &result, perform, &order, sizeof(order))) {
      case ASYNC_PAUSE:
        return true;
      case ASYNC_FINISH:
        expect(result == 1, "a job failed");
        job_ = nullptr;
        return false;
      default:
        fail("a job cannot be started");
    }
  }

  // The descriptor it waits for; a job is paused with one, and one only.
  [[nodiscard]] int descriptor() const {
    OSSL_ASYNC_FD fd = -1;
    std::size_t count = 0;
    expect(ASYNC_WAIT_CTX_get_all_fds(wait_.get(), nullptr, &count) == 1 && count == 1 &&
               ASYNC_WAIT_CTX_get_all_fds(wait_.get(), &fd, &count) == 1,
           "a job is paused without a descriptor");
    return fd;
  }

  [[nodiscard]] const Task& task() const { return *task_; }

 private:
  struct Order {
    Task* task;
    unsigned operations;
  };

  static int perform(void* order) {
    const Order& what = *static_cast<Order*>(order);
    what.task->run(what.operations);
    return 1;
  }

  TaskPtr task_;
  WaitContext wait_;
  ASYNC_JOB* job_ = nullptr;
};

class Loop : public Task {
 public:
  explicit Loop(std::vector<TaskPtr> tasks) {
    expect(ASYNC_init_thread(tasks.size(), tasks.size()) == 1, "no jobs");
    for (TaskPtr& task : tasks) jobs_.emplace_back(std::move(task));
  }
  ~Loop() override { ASYNC_cleanup_thread(); }

  void run(unsigned operations) override {
    paused_.clear();
    for (Job& job : jobs_) {
      if (job.start(operations)) paused_.push_back(&job);
    }
    while (!paused_.empty()) start_ready(operations);
  }

  Bytes output() const override {
    Bytes all;
    for (const Job& job : jobs_) {
      const Bytes one = job.task().output();
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }

 private:
  void start_ready(unsigned operations) {
    polled_.clear();
    for (const Job* job : paused_) polled_.push_back({job->descriptor(), POLLIN, 0});
    require(poll(polled_.data(), polled_.size(), -1) > 0, "poll");
    still_paused_.clear();
    for (std::size_t i = 0; i < polled_.size(); ++i) {
      if (polled_[i].revents == 0 || paused_[i]->start(operations))
        still_paused_.push_back(paused_[i]);
    }
    paused_.swap(still_paused_);
  }

  std::vector<Job> jobs_;
  std::vector<Job*> paused_;
  std::vector<Job*> still_paused_;
  std::vector<pollfd> polled_;
};

}  // namespace

TaskPtr in_jobs(std::vector<TaskPtr> tasks) {
  return std::make_unique<Loop>(std::move(tasks));
}

}  // namespace wd::bench
