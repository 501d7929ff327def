#include "wd/session.hpp"

#include <cstdlib>
#include <new>
#include <utility>

#include "session/completion_queue.hpp"
#include "session/compression.hpp"
#include "session/decompression.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr Error kUnsound{
    Errc::invalid_argument, 0,
    "a request must flush none, sync, full or finish, and its pieces have memory"};

template <class Buffer>
bool have_memory(std::span<const Buffer> pieces) noexcept {
  for (const Buffer& piece : pieces)
    if (piece.data == nullptr && piece.bytes != 0) return false;
  return true;
}

// What a session checks of a request, once, before any engine sees it.
bool sound(const StreamRequest& request) noexcept {
  const bool flushes = request.flush == Flush::none || request.flush == Flush::sync ||
                       request.flush == Flush::full || request.flush == Flush::finish;
  return flushes && have_memory(request.in) && have_memory(request.out);
}

}  // namespace

template <class Operation>
struct Session<Operation>::State {
  State(const Context& context, const Options& options) noexcept : engine(context, options) {}

  typename Operation::Engine engine;
  CompletionQueue completions;
  std::uint64_t last_ticket = 0;
};

template <class Operation>
Result<Session<Operation>> Session<Operation>::open(const Context& context,
                                                    const Options& options) noexcept {
  static_assert(CompletionQueue::kCapacity == kDepth);
  void* memory = std::malloc(sizeof(State));
  if (memory == nullptr) return Error{Errc::no_memory, 0, "no memory for a session"};
  auto* state = ::new (memory) State(context, options);
  Session session(state);
  const Result<void> opened = state->engine.open();
  if (!opened) return opened.error();
  return session;
}

template <class Operation>
Session<Operation>::Session(Session&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)) {}

template <class Operation>
Session<Operation>& Session<Operation>::operator=(Session&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

template <class Operation>
Session<Operation>::~Session() {
  if (state_ == nullptr) return;
  state_->~State();
  std::free(state_);
}

template <class Operation>
Result<Ticket> Session<Operation>::submit(const Request& request) noexcept {
  if (!sound(request)) return kUnsound;
  if (state_->completions.full())
    return Error{Errc::queue_full, 0, "completions wait to be fetched"};
  Completion completion = state_->engine.run(request);
  completion.ticket = Ticket{++state_->last_ticket};
  completion.user = request.user;
  state_->completions.push(completion);
  return completion.ticket;
}

template <class Operation>
std::size_t Session<Operation>::poll(std::span<Completion> completions) noexcept {
  return state_->completions.pop(completions);
}

template <class Operation>
Result<Completion> Session<Operation>::wait(Ticket ticket, Deadline) noexcept {
  // Every engine so far completes within submit(): what is not here now will never be.
  Completion completion;
  if (!state_->completions.take(ticket, completion))
    return Error{Errc::not_found, 0, "no such request is in flight"};
  return completion;
}

template <class Operation>
Result<Completion> Session<Operation>::run(const Request& request) noexcept {
  if (!sound(request)) return kUnsound;
  Completion completion = state_->engine.run(request);
  completion.ticket = Ticket{++state_->last_ticket};
  completion.user = request.user;
  return completion;
}

template <class Operation>
Result<int> Session<Operation>::event_fd() noexcept {
  return state_->completions.event_fd();
}

template <class Operation>
void Session<Operation>::reset() noexcept {
  state_->engine.reset();
}

template class Session<Compression>;
template class Session<Decompression>;

WD_NAMESPACE_END
