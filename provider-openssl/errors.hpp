// Errors on the application's error queue. Programs look at the numbers: what default says of the
// same mistake is said in its words, library and reason (openssl/proverr.h); what only this
// provider can say has reasons of its own.
#ifndef WD_PROVIDER_ERRORS_HPP_
#define WD_PROVIDER_ERRORS_HPP_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/err.h>
#include <openssl/evperr.h>
#include <openssl/proverr.h>

#include <cstdint>

namespace wd::provider {

// Why a call failed. Our own numbers are seen by applications (ERR_GET_REASON), so new ones go to
// the end; OpenSSL takes what has a library in its upper bits for that library's.
enum class Reason : std::uint32_t {
  no_default_provider = 1,
  bad_configuration,
  self_test_failed,

  invalid_key_length = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_INVALID_KEY_LENGTH),
  invalid_iv_length = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_INVALID_IV_LENGTH),
  invalid_tag = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_INVALID_TAG),
  invalid_aad = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_INVALID_AAD),
  cannot_get_parameter = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_FAILED_TO_GET_PARAMETER),
  cannot_set_parameter = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_FAILED_TO_SET_PARAMETER),
  output_buffer_too_small = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_OUTPUT_BUFFER_TOO_SMALL),
  cipher_operation_failed = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_CIPHER_OPERATION_FAILED),
  too_many_records = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_TOO_MANY_RECORDS),
  no_key_set = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_NO_KEY_SET),
  wrong_final_block_length = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_WRONG_FINAL_BLOCK_LENGTH),
  bad_decrypt = ERR_PACK(ERR_LIB_PROV, 0, PROV_R_BAD_DECRYPT),
  no_digest_set = ERR_PACK(ERR_LIB_EVP, 0, EVP_R_MESSAGE_DIGEST_IS_NULL),
};

// Where errors go: the core's functions for one loaded provider. A plain value.
class Errors {
 public:
  void bind(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core) noexcept;
  // Our own reasons are put into words as data of the error, since OpenSSL has no texts of them
  // (provider.cpp tells why); `detail` is appended, never a key, data or an address. `where` is the
  // name of the function.
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
