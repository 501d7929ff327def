#include "session/completion_queue.hpp"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

WD_NAMESPACE_BEGIN

void CompletionQueue::push(const Completion& completion) noexcept {
  at(count_++) = completion;
  if (count_ == 1) signal();
}

std::size_t CompletionQueue::pop(std::span<Completion> to) noexcept {
  const std::size_t taken = std::min(to.size(), count_);
  for (std::size_t i = 0; i < taken; ++i) to[i] = at(i);
  first_ = (first_ + taken) % kCapacity;
  count_ -= taken;
  if (taken != 0 && count_ == 0) drain();
  return taken;
}

bool CompletionQueue::take(Ticket ticket, Completion& to) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (at(i).ticket != ticket) continue;
    to = at(i);
    for (; i + 1 < count_; ++i) at(i) = at(i + 1);
    if (--count_ == 0) drain();
    return true;
  }
  return false;
}

Result<int> CompletionQueue::event_fd() noexcept {
  if (!event_) {
    event_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event_) return Error{Errc::io, errno, "eventfd failed"};
    if (count_ != 0) signal();
  }
  return event_.get();
}

// The counter goes between 0 and 1 only, so neither of these can block or overflow; an error means
// that somebody closed the descriptor, which is for them to find out.
void CompletionQueue::signal() noexcept {
  if (event_) eventfd_write(event_.get(), 1);
}

void CompletionQueue::drain() noexcept {
  eventfd_t count;
  if (event_) eventfd_read(event_.get(), &count);
}

WD_NAMESPACE_END
