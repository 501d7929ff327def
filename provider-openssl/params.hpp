// OSSL_PARAM lists, read and answered in one walk. libcrypto's own functions search the list once
// for every key that an algorithm knows; for messages of some hundred bytes that was a quarter of
// the time (a whole AES-GCM message asks and sets five parameters, one at a time).
#ifndef WD_PROVIDER_PARAMS_HPP_
#define WD_PROVIDER_PARAMS_HPP_

#include <openssl/core.h>
#include <openssl/params.h>

#include <cstddef>
#include <cstring>

namespace wd::provider {

// Calls `each(param)` for every parameter until it answers false; false then.
template <class Param, class Each>
[[nodiscard]] inline bool for_each_param(Param* params, Each&& each) noexcept {
  if (params == nullptr) return true;
  for (Param* param = params; param->key != nullptr; ++param)
    if (!each(*param)) return false;
  return true;
}

[[nodiscard]] inline bool is(const OSSL_PARAM& param, const char* key) noexcept {
  return std::strcmp(param.key, key) == 0;
}

// Answers with a number, whatever width the caller asks for; false if it does not fit.
[[nodiscard]] inline bool answer_size(OSSL_PARAM& param, std::size_t value) noexcept {
  if (param.data_type == OSSL_PARAM_UNSIGNED_INTEGER && param.data_size == sizeof(value) &&
      param.data != nullptr) [[likely]] {
    std::memcpy(param.data, &value, sizeof(value));
    param.return_size = sizeof(value);
    return true;
  }
  return OSSL_PARAM_set_size_t(&param, value) != 0;
}

// Answers with octets, copied or pointed to, as the caller asks for them.
[[nodiscard]] inline bool answer_octets(OSSL_PARAM& param, const void* octets,
                                        std::size_t bytes) noexcept {
  return OSSL_PARAM_set_octet_string(&param, octets, bytes) != 0 ||
         OSSL_PARAM_set_octet_ptr(&param, octets, bytes) != 0;
}

}  // namespace wd::provider

#endif  // WD_PROVIDER_PARAMS_HPP_
