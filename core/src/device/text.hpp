// Small texts from and for the kernel: paths put together, numbers and lines read. What cannot be
// understood is said, never guessed.
#ifndef WD_DEVICE_TEXT_HPP_
#define WD_DEVICE_TEXT_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// A path in a buffer of its own; one that does not fit is empty, which no call can open.
class Path {
 public:
  Path& operator/=(std::string_view part) noexcept {
    const std::size_t slash = bytes_ == 0 ? 0 : 1;
    if (overflowed_ || bytes_ + slash + part.size() >= sizeof(text_)) {
      overflowed_ = true;
      text_[0] = '\0';
      return *this;
    }
    if (slash != 0) text_[bytes_++] = '/';
    std::memcpy(text_ + bytes_, part.data(), part.size());
    bytes_ += part.size();
    text_[bytes_] = '\0';
    return *this;
  }
  [[nodiscard]] const char* c_str() const noexcept { return text_; }

 private:
  char text_[512] = "";
  std::size_t bytes_ = 0;
  bool overflowed_ = false;
};

// substr(0, bytes), which is checked, by a function of the C++ library's.
[[nodiscard]] constexpr std::string_view leading(std::string_view text,
                                                 std::size_t bytes) noexcept {
  return {text.data(), bytes < text.size() ? bytes : text.size()};
}

struct ParsedNumber {
  std::int64_t value;
  bool valid;
};

// A decimal number, perhaps negative, and nothing else but white space at its end.
[[nodiscard]] constexpr ParsedNumber parse_number(std::string_view text) noexcept {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return {0, false};
  std::int64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9' || value > kMost) return {0, false};
    value = value * 10 + (digit - '0');
  }
  return {negative ? -value : value, true};
}

// Whether one of the lines of `text` is `line`, whole.
[[nodiscard]] constexpr bool has_line(std::string_view text, std::string_view line) noexcept {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (leading(text, end) == line) return !line.empty();
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return false;
}

WD_NAMESPACE_END

#endif  // WD_DEVICE_TEXT_HPP_
