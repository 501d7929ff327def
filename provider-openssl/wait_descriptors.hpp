// The descriptors by which an event loop learns that a paused job wants to go on.
//
// A paused job can always go on: if its batch has not been computed by then, it will be, because
// the loop has come back. So each is an eventfd that is readable from the start and stays so;
// nothing is written or read per message. A job that goes on takes its descriptor out of its wait
// context, or a loop that watches it would spin; it goes back into a store, behind the others, so
// that a wait context hardly ever sees the same one taken out and put in again.
#ifndef WD_PROVIDER_WAIT_DESCRIPTORS_HPP_
#define WD_PROVIDER_WAIT_DESCRIPTORS_HPP_

#include <openssl/async.h>

#include <cstddef>

namespace wd::provider {

class WaitDescriptors {
 public:
  using Cleanup = void(ASYNC_WAIT_CTX*, const void* key, OSSL_ASYNC_FD fd, void* argument);

  // Makes the job's wait context tell its loop to come back: by the callback that it has, or by a
  // descriptor. If the wait context is freed meanwhile, it calls `cleanup` with `argument`, which
  // has to close the descriptor. False: there is no wait context, or no descriptor to be had; the
  // job must not be paused.
  [[nodiscard]] bool attach(ASYNC_JOB* job, Cleanup* cleanup, void* argument) noexcept;
  // After the pause.
  void detach(ASYNC_JOB* job) noexcept;
  // Closes those in store.
  void clear() noexcept;

 private:
  static constexpr std::size_t kStored = 128;

  [[nodiscard]] int take() noexcept;
  void store(int fd) noexcept;

  int stored_[kStored];
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_WAIT_DESCRIPTORS_HPP_
