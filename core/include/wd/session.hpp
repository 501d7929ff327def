// A session: a typed object that requests are submitted to. Compressor and Decompressor are
// sessions whose requests continue one stream after the other.
//
//   auto compressor = wd::Compressor::open(context, {.format = wd::Format::gzip, .level = 6});
//   auto done = compressor->run({.in = {&in, 1}, .out = {&out, 1}});
//
// Threading: one thread at a time; different sessions may run in parallel. Ownership: a session
// borrows its Context, which must outlive it, and each request's buffers until its completion has
// been returned by poll() or wait(). Limits: kDepth requests in flight; requests of a stream
// complete in the order they were submitted. Buffers may have any length.
#ifndef WD_SESSION_HPP_
#define WD_SESSION_HPP_

#include <chrono>
#include <cstddef>
#include <span>

#include "wd/context.hpp"
#include "wd/raw_deflate.hpp"
#include "wd/request.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

struct CompressOptions {
  Format format = Format::zlib;  // not automatic
  int level = kDefaultLevel;
  int window_bits = kMaxWindowBits;  // 9 to 15
  int memory_level = kDefaultMemoryLevel;
  Strategy strategy = Strategy::standard;
  // Known to both sides; raw and zlib only. Borrowed as long as the session lives.
  std::span<const std::byte> dictionary{};
};

struct DecompressOptions {
  Format format = Format::automatic;
  int window_bits = kMaxWindowBits;  // the largest window accepted, 8 to 15
  std::span<const std::byte> dictionary{};
};

// What tells one kind of session from another. (A template over a hidden type would be hidden.)
struct WD_API Compression {
  using Options = CompressOptions;
  using Request = StreamRequest;
  class Engine;
};
struct WD_API Decompression {
  using Options = DecompressOptions;
  using Request = StreamRequest;
  class Engine;
};

using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

template <class Operation>
class WD_API Session {
 public:
  static constexpr std::size_t kDepth = 64;
  using Options = typename Operation::Options;
  using Request = typename Operation::Request;

  // invalid_argument names the option that is out of range; no_memory.
  static Result<Session> open(const Context& context, const Options& options) noexcept;
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  ~Session();

  // Starts a request. invalid_argument for a flush that is not one of a StreamRequest's or a piece
  // without memory; queue_full while kDepth completions wait to be fetched: a state, not a fault.
  Result<Ticket> submit(const Request& request) noexcept;
  // Fetches completions in their order, at most completions.size(); how many. Never blocks.
  std::size_t poll(std::span<Completion> completions) noexcept;
  // Fetches the completion of `ticket`, waiting for it until `deadline` at most. not_found if it
  // was fetched already or never given.
  Result<Completion> wait(Ticket ticket, Deadline deadline = kNoDeadline) noexcept;
  // submit, then wait; but the shortest way there is for engines that complete at once.
  Result<Completion> run(const Request& request) noexcept;

  // A descriptor for epoll, readable while completions wait to be fetched. The session's own: not
  // to be read or closed. io if there are none left.
  Result<int> event_fd() noexcept;

  // Drops the stream in progress; the next request starts a new one. Completions stay.
  void reset() noexcept;

 private:
  struct State;
  explicit Session(State* state) noexcept : state_(state) {}
  State* state_;
};

using Compressor = Session<Compression>;
using Decompressor = Session<Decompression>;

extern template class Session<Compression>;
extern template class Session<Decompression>;

WD_NAMESPACE_END

#endif  // WD_SESSION_HPP_
