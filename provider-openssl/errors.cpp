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

// Null for reasons of OpenSSL's own, which libcrypto has words for.
const char* text_of(Reason reason) noexcept {
  for (const ReasonText& known : kReasons)
    if (known.reason == reason) return known.text;
  return nullptr;
}

}  // namespace

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
  const char* text = text_of(reason);
  if (text != nullptr && detail != nullptr)
    set(reason, "%s: %s", text, detail);
  else if (text != nullptr || detail != nullptr)
    set(reason, "%s", text != nullptr ? text : detail);
  else
    set(reason, nullptr);
}

}  // namespace wd::provider
