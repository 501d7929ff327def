// A file descriptor that closes itself.
#ifndef WD_BASE_UNIQUE_FD_HPP_
#define WD_BASE_UNIQUE_FD_HPP_

#include <unistd.h>

#include <utility>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() {
    if (fd_ >= 0) close(fd_);
  }

  explicit operator bool() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

WD_NAMESPACE_END

#endif  // WD_BASE_UNIQUE_FD_HPP_
