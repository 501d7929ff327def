// The values that configuration keys can have, as rows.
#ifndef WD_CONTEXT_CHOICES_HPP_
#define WD_CONTEXT_CHOICES_HPP_

#include <cstdint>
#include <string_view>

#include "wd/config.hpp"
#include "wd/result.hpp"

WD_NAMESPACE_BEGIN

template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

template <class Value, std::size_t kCount>
struct Choices {
  const char* complaint;  // names the key and what it can be
  Choice<Value> rows[kCount];
};

inline constexpr Choices<BackendChoice, 3> kBackendChoices{
    "backend: must be auto, software or hisi",
    {{"auto", BackendChoice::automatic},
     {"software", BackendChoice::software},
     {"hisi", BackendChoice::hisi}}};

inline constexpr Choices<CompressionChoice, 2> kCompressionChoices{
    "compression: must be default or exact",
    {{"default", CompressionChoice::standard}, {"exact", CompressionChoice::exact}}};

inline constexpr Choices<LogLevel, 4> kLogLevels{"log: must be error, warn, info or debug",
                                                 {{"error", LogLevel::error},
                                                  {"warn", LogLevel::warn},
                                                  {"info", LogLevel::info},
                                                  {"debug", LogLevel::debug}}};

inline constexpr Choices<bool, 2> kVerifyChoices{"verify: must be 0 or 1",
                                                 {{"0", false}, {"1", true}}};

template <class Value, std::size_t kCount>
Result<void> choose(const Choices<Value, kCount>& choices, std::string_view name,
                    Value& chosen) noexcept {
  for (const Choice<Value>& row : choices.rows)
    if (row.name == name) {
      chosen = row.value;
      return {};
    }
  return Error{Errc::invalid_argument, 0, choices.complaint};
}

// A decimal number within limits; `complaint` names the key and what it can be.
inline Result<void> choose_number(std::string_view text, std::uint32_t least, std::uint32_t most,
                                  const char* complaint, std::uint32_t& to) noexcept {
  const Error error{Errc::invalid_argument, 0, complaint};
  if (text.empty() || text.size() > 10) return error;
  std::uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return error;
    value = value * 10 + static_cast<unsigned>(digit - '0');
  }
  if (value < least || value > most) return error;
  to = static_cast<std::uint32_t>(value);
  return {};
}

WD_NAMESPACE_END

#endif  // WD_CONTEXT_CHOICES_HPP_
