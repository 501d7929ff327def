// What OpenSSL calls of a provider as a whole (provider-base(7)).
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "dispatch.hpp"
#include "instance.hpp"
#include "wd/version.hpp"

namespace wd::provider {

namespace {

constexpr const char* kName = "WarpDrive Provider";
constexpr const char* kVersion = WD_VERSION_STRING;
constexpr const char* kBuildInfo = WD_VERSION_STRING ", built for " OPENSSL_VERSION_TEXT;

void teardown(void* context) noexcept {
  Instance::unload(context);
}

const OSSL_PARAM* gettable_params(void*) noexcept {
  static constexpr OSSL_PARAM kParams[] = {
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_NAME, OSSL_PARAM_UTF8_PTR, nullptr, 0),
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_VERSION, OSSL_PARAM_UTF8_PTR, nullptr, 0),
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_BUILDINFO, OSSL_PARAM_UTF8_PTR, nullptr, 0),
      OSSL_PARAM_DEFN(OSSL_PROV_PARAM_STATUS, OSSL_PARAM_INTEGER, nullptr, 0), OSSL_PARAM_END};
  return kParams;
}

int get_params(void* context, OSSL_PARAM params[]) noexcept {
  struct Text {
    const char* key;
    const char* value;
  };
  constexpr Text kTexts[] = {{OSSL_PROV_PARAM_NAME, kName},
                             {OSSL_PROV_PARAM_VERSION, kVersion},
                             {OSSL_PROV_PARAM_BUILDINFO, kBuildInfo}};
  for (const Text& text : kTexts) {
    OSSL_PARAM* wanted = OSSL_PARAM_locate(params, text.key);
    if (wanted != nullptr && OSSL_PARAM_set_utf8_ptr(wanted, text.value) == 0) return 0;
  }
  OSSL_PARAM* status = OSSL_PARAM_locate(params, OSSL_PROV_PARAM_STATUS);
  return status == nullptr || OSSL_PARAM_set_int(status, Instance::of(context)->healthy() ? 1 : 0);
}

const OSSL_ALGORITHM* query_operation(void* context, int operation, int* no_store) noexcept {
  return Instance::of(context)->tables().rows(operation, no_store);
}

int get_capabilities(void* context, const char* capability, OSSL_CALLBACK* each,
                     void* argument) noexcept {
  const Instance* instance = Instance::of(context);
  // libssl keeps a group only if the key management that it fetches comes from the provider that
  // named the group, so they go with the pass-through rows.
  if (!instance->settings().crypto.passthrough) return 1;
  return instance->standard().capabilities(capability, each, argument);
}

int self_test(void* context) noexcept {
  return Instance::of(context)->self_test() ? 1 : 0;
}

// Not in a table of a type of our own: OSSL_DISPATCH is what OpenSSL reads. No reason strings,
// which errors carry themselves: libcrypto takes back those of a provider when it frees it, and
// crashes where a program frees its last key or digest after OPENSSL_cleanup(). It does with
// default, which has none either (strongSwan's tools).
const OSSL_DISPATCH kFunctions[] = {
    {OSSL_FUNC_PROVIDER_TEARDOWN, reinterpret_cast<AnyFunction>(teardown)},
    {OSSL_FUNC_PROVIDER_GETTABLE_PARAMS, reinterpret_cast<AnyFunction>(gettable_params)},
    {OSSL_FUNC_PROVIDER_GET_PARAMS, reinterpret_cast<AnyFunction>(get_params)},
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<AnyFunction>(query_operation)},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, reinterpret_cast<AnyFunction>(get_capabilities)},
    {OSSL_FUNC_PROVIDER_SELF_TEST, reinterpret_cast<AnyFunction>(self_test)},
    {0, nullptr}};

}  // namespace

}  // namespace wd::provider

extern "C" __attribute__((visibility("default"))) int OSSL_provider_init(
    const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core, const OSSL_DISPATCH** functions,
    void** context) {
  if (wd::provider::Instance::load(handle, core, context) == nullptr) return 0;
  *functions = wd::provider::kFunctions;
  return 1;
}
