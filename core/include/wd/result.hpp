// How failure is told: Error is a small value, Result<T> is a value or an Error.
//
// Threading: plain values. Ownership: an Error's text is a string literal. Nothing here allocates
// or throws; the member names are those of std::expected, which takes Result's place once C++23 is
// the floor.
#ifndef WD_RESULT_HPP_
#define WD_RESULT_HPP_

#include <cstdint>
#include <new>
#include <utility>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class Errc : std::uint8_t {
  invalid_argument = 1,  // the caller's mistake; nothing was changed
  no_memory,             // an allocation failed; nothing was changed
  unsupported,           // no engine here can do this
  corrupt_data,          // the input is no valid stream of its format
  output_full,           // the output has no room for the whole result
  truncated,             // the input ends before its stream does
  need_dictionary,       // the stream was made with a preset dictionary that was not given
  queue_full,            // as many requests are in flight as the session holds
  not_found,             // no such ticket, file or name
  io,                    // a system call failed; sys_errno says how
  device_fault,          // a device failed; what it was given has to be done again elsewhere
  forked,                // begun before a fork, and asked for in the child
};

struct Error {
  Errc code = Errc::invalid_argument;
  int sys_errno = 0;
  const char* text = "";
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) noexcept : value_(std::move(value)), has_value_(true) {}  // NOLINT: implicit
  Result(Error error) noexcept : error_(error), has_value_(false) {}        // NOLINT: implicit
  Result(Result&& other) noexcept : has_value_(other.has_value_) {
    if (has_value_)
      ::new (static_cast<void*>(&value_)) T(std::move(other.value_));
    else
      error_ = other.error_;
  }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&&) = delete;
  ~Result() {
    if (has_value_) value_.~T();
  }

  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }
  // Only with a value.
  T& value() & noexcept { return value_; }
  const T& value() const& noexcept { return value_; }
  T&& value() && noexcept { return std::move(value_); }
  T& operator*() noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }
  // Only without one.
  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  union {
    T value_;
    Error error_;
  };
  bool has_value_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() noexcept = default;
  Result(Error error) noexcept : error_(error), has_value_(false) {}  // NOLINT: implicit

  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  explicit operator bool() const noexcept { return has_value_; }
  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  Error error_{};
  bool has_value_ = true;
};

WD_NAMESPACE_END

#endif  // WD_RESULT_HPP_
