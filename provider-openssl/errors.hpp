// Errors on the application's error queue, with reasons of our own.
#ifndef WD_PROVIDER_ERRORS_HPP_
#define WD_PROVIDER_ERRORS_HPP_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

namespace wd::provider {

// Why a call failed. The numbers are seen by applications (ERR_GET_REASON): new ones go to the end.
enum class Reason : int {
  no_default_provider = 1,
  bad_configuration,
  self_test_failed,
  invalid_key_length,
  invalid_iv_length,
  invalid_tag,
  invalid_aad,
  cannot_get_parameter,
  cannot_set_parameter,
  output_buffer_too_small,
  cipher_operation_failed,
  too_many_records,
  no_key_set,
  wrong_final_block_length,
  bad_decrypt,
};

// What the table of reasons says to OpenSSL; ends with a row of zeros.
[[nodiscard]] const OSSL_ITEM* reason_strings() noexcept;

// Where errors go: the core's functions for one loaded provider. A plain value.
class Errors {
 public:
  void bind(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core) noexcept;
  // `detail` is appended to the reason's text; never a key, data or an address. `where` is the name
  // of the function.
  void raise(Reason reason, const char* where, const char* detail = nullptr) const noexcept;

 private:
  void set(Reason reason, const char* format, ...) const noexcept;

  const OSSL_CORE_HANDLE* handle_ = nullptr;
  OSSL_FUNC_core_new_error_fn* new_error_ = nullptr;
  OSSL_FUNC_core_set_error_debug_fn* set_error_debug_ = nullptr;
  OSSL_FUNC_core_vset_error_fn* vset_error_ = nullptr;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_ERRORS_HPP_
