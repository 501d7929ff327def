// For a scope, the calling thread is not cancelled: what waits in the kernel would be a point to be
// cancelled at, where callers count on none, and where a device writes into their memory.
#ifndef WD_BASE_UNCANCELLED_HPP_
#define WD_BASE_UNCANCELLED_HPP_

#include <pthread.h>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

class Uncancelled {
 public:
  Uncancelled() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  // No point to be cancelled at, either: what was asked for meanwhile comes at the next one.
  ~Uncancelled() { pthread_setcancelstate(before_, nullptr); }
  Uncancelled(const Uncancelled&) = delete;
  Uncancelled& operator=(const Uncancelled&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

WD_NAMESPACE_END

#endif  // WD_BASE_UNCANCELLED_HPP_
