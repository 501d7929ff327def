#include "errors.hpp"

#include <cstdarg>
#include <cstdint>

#include "dispatch.hpp"

namespace wd::provider {

namespace {

struct ReasonText {
  Reason reason;
  const char* text;
};

constexpr ReasonText kReasons[] = {
    {Reason::no_default_provider, "the default provider cannot be loaded"},
    {Reason::bad_configuration, "a configuration value cannot be understood"},
    {Reason::self_test_failed, "self test failed"},
};
constexpr std::size_t kReasonCount = sizeof(kReasons) / sizeof(kReasons[0]);

struct ReasonItems {
  OSSL_ITEM rows[kReasonCount + 1];
};

// OSSL_ITEM's pointer is not const, its users' is.
constexpr ReasonItems make_items() noexcept {
  ReasonItems items{};
  for (std::size_t i = 0; i < kReasonCount; ++i)
    items.rows[i] = {static_cast<unsigned>(kReasons[i].reason),
                     const_cast<char*>(kReasons[i].text)};
  return items;
}

constexpr ReasonItems kItems = make_items();

}  // namespace

const OSSL_ITEM* reason_strings() noexcept {
  return kItems.rows;
}

void Errors::bind(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core) noexcept {
  handle_ = handle;
  find_function(core, OSSL_FUNC_CORE_NEW_ERROR, &new_error_);
  find_function(core, OSSL_FUNC_CORE_SET_ERROR_DEBUG, &set_error_debug_);
  find_function(core, OSSL_FUNC_CORE_VSET_ERROR, &vset_error_);
}

void Errors::set(Reason reason, const char* format, ...) const noexcept {
  va_list arguments;
  va_start(arguments, format);
  vset_error_(handle_, static_cast<std::uint32_t>(reason), format, arguments);
  va_end(arguments);
}

void Errors::raise(Reason reason, const char* where, const char* detail) const noexcept {
  if (new_error_ == nullptr || set_error_debug_ == nullptr || vset_error_ == nullptr) return;
  new_error_(handle_);
  set_error_debug_(handle_, "wd", 0, where);
  if (detail != nullptr)
    set(reason, "%s", detail);
  else
    set(reason, nullptr);
}

}  // namespace wd::provider
