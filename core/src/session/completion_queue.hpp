// Completions that wait to be fetched, and the descriptor that tells of them.
#ifndef WD_SESSION_COMPLETION_QUEUE_HPP_
#define WD_SESSION_COMPLETION_QUEUE_HPP_

#include <array>
#include <cstddef>
#include <span>

#include "base/unique_fd.hpp"
#include "wd/request.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

// Not thread-safe; a session's.
class CompletionQueue {
 public:
  static constexpr std::size_t kCapacity = 64;

  [[nodiscard]] bool full() const noexcept { return count_ == kCapacity; }
  // Not when full.
  void push(const Completion& completion) noexcept;
  std::size_t pop(std::span<Completion> to) noexcept;
  // Takes the one of this ticket out; false if there is none.
  bool take(Ticket ticket, Completion& to) noexcept;
  Result<int> event_fd() noexcept;

 private:
  // The descriptor is readable exactly while there are completions.
  void signal() noexcept;
  void drain() noexcept;
  Completion& at(std::size_t index) noexcept { return ring_[(first_ + index) % kCapacity]; }

  std::array<Completion, kCapacity> ring_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  UniqueFd event_;
};

WD_NAMESPACE_END

#endif  // WD_SESSION_COMPLETION_QUEUE_HPP_
