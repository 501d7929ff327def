#include "settings.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/params.h>

#include <cstring>

#include "dispatch.hpp"

namespace wd::provider {

bool Settings::read(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core,
                    const wd::Config& config, const char** complaint) noexcept {
  crypto = config.crypto;
  OSSL_FUNC_core_get_params_fn* get_params = nullptr;
  find_function(core, OSSL_FUNC_CORE_GET_PARAMS, &get_params);
  if (get_params == nullptr) return true;
  for (const char* key : wd::CryptoConfig::keys()) {
    char* value = nullptr;
    OSSL_PARAM wanted[] = {OSSL_PARAM_construct_utf8_ptr(key, &value, 0),
                           OSSL_PARAM_construct_end()};
    if (get_params(handle, wanted) == 0 || value == nullptr) continue;
    const wd::Result<void> set = crypto.set(key, value);
    if (!set) {
      *complaint = set.error().text;
      return false;
    }
  }
  return true;
}

}  // namespace wd::provider
