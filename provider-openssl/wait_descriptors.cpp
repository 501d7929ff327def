#include "wait_descriptors.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace wd::provider {

namespace {

// What our descriptor is registered under in a wait context: an address of our own.
constexpr char kKey = 0;

}  // namespace

bool WaitDescriptors::attach(ASYNC_JOB* job, Cleanup* cleanup, void* argument) noexcept {
  ASYNC_WAIT_CTX* wait = ASYNC_get_wait_ctx(job);
  if (wait == nullptr) return false;
  ASYNC_callback_fn callback = nullptr;
  void* callback_argument = nullptr;
  if (ASYNC_WAIT_CTX_get_callback(wait, &callback, &callback_argument) != 0 &&
      callback != nullptr) {
    ASYNC_WAIT_CTX_set_status(wait, ASYNC_STATUS_OK);
    return callback(callback_argument) != 0;
  }
  const int fd = take();
  if (fd < 0) return false;
  if (ASYNC_WAIT_CTX_set_wait_fd(wait, &kKey, fd, argument, cleanup) != 0) return true;
  store(fd);
  return false;
}

void WaitDescriptors::detach(ASYNC_JOB* job) noexcept {
  ASYNC_WAIT_CTX* wait = ASYNC_get_wait_ctx(job);
  int fd = -1;
  void* argument = nullptr;
  if (ASYNC_WAIT_CTX_get_fd(wait, &kKey, &fd, &argument) == 0) return;
  ASYNC_WAIT_CTX_clear_fd(wait, &kKey);
  store(fd);
}

int WaitDescriptors::take() noexcept {
  if (count_ == 0) return eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  const int fd = stored_[first_];
  first_ = (first_ + 1) % kStored;
  --count_;
  return fd;
}

void WaitDescriptors::store(int fd) noexcept {
  if (count_ == kStored) {
    close(fd);
    return;
  }
  stored_[(first_ + count_) % kStored] = fd;
  ++count_;
}

void WaitDescriptors::clear() noexcept {
  while (count_ != 0) close(take());
}

}  // namespace wd::provider
