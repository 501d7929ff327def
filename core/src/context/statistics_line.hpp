// The line of JSON that a process leaves behind when WD_STATS asks for one.
#ifndef WD_CONTEXT_STATISTICS_LINE_HPP_
#define WD_CONTEXT_STATISTICS_LINE_HPP_

#include <cstddef>
#include <string_view>

#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

// Built in memory that is mapped for it: it is written while the process ends, when allocating is
// unwise, by whatever thread, with whatever stack. Without memory nothing is written.
class StatisticsLine {
 public:
  StatisticsLine(const char* program, const char* plugin) noexcept;
  ~StatisticsLine() noexcept;
  StatisticsLine(const StatisticsLine&) = delete;
  StatisticsLine& operator=(const StatisticsLine&) = delete;

  // Rows without requests and fallbacks are left out.
  void add(Algorithm algorithm, Engine engine, const RequestCounts& counts) noexcept;
  [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
  // One write() to the end of the file; made with mode 0600 if it is not there. Only regular files,
  // never through a symbolic link; "-" is standard error.
  void append_to(const char* path) noexcept;

 private:
  void put(std::string_view text) noexcept;
  void put_quoted(const char* text) noexcept;
  void put_number(std::uint64_t value) noexcept;
  void put_field(std::string_view name, std::uint64_t value) noexcept;

  static constexpr std::size_t kCapacity = 65536;
  char* text_;  // null without memory
  std::size_t size_ = 0;
  unsigned rows_ = 0;
};

WD_NAMESPACE_END

#endif  // WD_CONTEXT_STATISTICS_LINE_HPP_
