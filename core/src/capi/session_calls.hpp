// The C API's session functions, once for all kinds of session.
#ifndef WD_CAPI_SESSION_CALLS_HPP_
#define WD_CAPI_SESSION_CALLS_HPP_

#include <errno.h>
#include <time.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <new>
#include <utility>

#include "wd/session.hpp"
#include "wd/wd.h"

namespace wd::capi {

// The one translation of errors at this border.
inline int negative_errno(const Error& error) noexcept {
  switch (error.code) {
    case Errc::invalid_argument:
      return -EINVAL;
    case Errc::no_memory:
      return -ENOMEM;
    case Errc::unsupported:
      return -EOPNOTSUPP;
    case Errc::corrupt_data:
      return -EBADMSG;
    case Errc::output_full:
      return -ENOSPC;
    case Errc::truncated:
      return -EPIPE;
    case Errc::need_dictionary:
      return -ENOKEY;
    case Errc::queue_full:
      return -EAGAIN;
    case Errc::not_found:
      return -ENOENT;
    case Errc::forked:
      return -ECANCELED;
    case Errc::device_fault:
    case Errc::io:
      break;
  }
  return error.sys_errno != 0 ? -error.sys_errno : -EIO;
}

// A C caller's number as an enumerator; what no enumeration has stays that when it is narrowed.
template <class Enum>
Enum narrowed(int value) noexcept {
  return static_cast<Enum>(value < 0 || value > 255 ? 255 : value);
}

inline void store(const Completion& from, wd_completion& to) noexcept {
  to = {static_cast<std::uint64_t>(from.ticket), from.user, static_cast<wd_status>(from.status),
        from.consumed, from.produced};
}

// A C request's pieces in C++ form.
class RequestView {
 public:
  // False if the request makes no sense.
  [[nodiscard]] bool load(const wd_request* request) noexcept {
    if (request == nullptr || request->in_count > WD_MAX_PIECES ||
        request->out_count > WD_MAX_PIECES || (request->in == nullptr && request->in_count != 0) ||
        (request->out == nullptr && request->out_count != 0))
      return false;
    for (std::size_t i = 0; i < request->in_count; ++i)
      in_[i] = {request->in[i].data, request->in[i].bytes};
    for (std::size_t i = 0; i < request->out_count; ++i)
      out_[i] = {request->out[i].data, request->out[i].bytes};
    request_ = {.in = {in_.data(), request->in_count},
                .out = {out_.data(), request->out_count},
                .flush = narrowed<Flush>(static_cast<int>(request->flush)),
                .user = request->user};
    return true;
  }
  [[nodiscard]] const StreamRequest& get() const noexcept { return request_; }

 private:
  std::array<ConstBuffer, WD_MAX_PIECES> in_;
  std::array<MutableBuffer, WD_MAX_PIECES> out_;
  StreamRequest request_;
};

// `Handle` is the C type, which is never defined: a handle is a pointer to a session.
template <class AnySession, class Handle>
struct SessionCalls {
  static AnySession* session(Handle* handle) noexcept {
    return reinterpret_cast<AnySession*>(handle);
  }

  static int open(Handle** handle, const wd_context* context,
                  const typename AnySession::Options& options) noexcept {
    if (handle == nullptr || context == nullptr) return -EINVAL;
    auto opened = AnySession::open(*reinterpret_cast<const Context*>(context), options);
    if (!opened) return negative_errno(opened.error());
    void* memory = std::malloc(sizeof(AnySession));
    if (memory == nullptr) return -ENOMEM;
    *handle = reinterpret_cast<Handle*>(::new (memory) AnySession(std::move(opened).value()));
    return 0;
  }

  static void close(Handle* handle) noexcept {
    if (handle == nullptr) return;
    session(handle)->~AnySession();
    std::free(handle);
  }

  static std::int64_t submit(Handle* handle, const wd_request* request) noexcept {
    RequestView view;
    if (handle == nullptr || !view.load(request)) return -EINVAL;
    const auto ticket = session(handle)->submit(view.get());
    return ticket ? static_cast<std::int64_t>(*ticket) : negative_errno(ticket.error());
  }

  static int poll(Handle* handle, wd_completion* completions, std::size_t budget) noexcept {
    if (handle == nullptr || (completions == nullptr && budget != 0)) return -EINVAL;
    std::size_t fetched = 0;
    Completion completion;
    while (fetched < budget && session(handle)->poll({&completion, 1}) == 1)
      store(completion, completions[fetched++]);
    return static_cast<int>(fetched);
  }

  static int wait(Handle* handle, std::int64_t ticket, std::int64_t timeout_ns,
                  wd_completion* completion) noexcept {
    if (handle == nullptr) return -EINVAL;
    constexpr std::int64_t kForEver = std::int64_t{1} << 62;  // 146 years; more would overflow
    const Deadline deadline = timeout_ns < 0 || timeout_ns > kForEver
                                  ? kNoDeadline
                                  : now() + std::chrono::nanoseconds(timeout_ns);
    return finish(session(handle)->wait(static_cast<Ticket>(ticket), deadline), completion);
  }

  static int run(Handle* handle, const wd_request* request, wd_completion* completion) noexcept {
    RequestView view;
    if (handle == nullptr || !view.load(request)) return -EINVAL;
    return finish(session(handle)->run(view.get()), completion);
  }

  static int event_fd(Handle* handle) noexcept {
    if (handle == nullptr) return -EINVAL;
    const auto fd = session(handle)->event_fd();
    return fd ? *fd : negative_errno(fd.error());
  }

  static void reset(Handle* handle) noexcept {
    if (handle != nullptr) session(handle)->reset();
  }

 private:
  // steady_clock::now(), for which this library does without the C++ library.
  static Deadline now() noexcept {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return Deadline(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }

  static int finish(const Result<Completion>& done, wd_completion* completion) noexcept {
    if (!done) return negative_errno(done.error());
    if (completion != nullptr) store(*done, *completion);
    return 0;
  }
};

}  // namespace wd::capi

#endif  // WD_CAPI_SESSION_CALLS_HPP_
