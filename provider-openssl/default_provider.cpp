#include "default_provider.hpp"

#include <openssl/crypto.h>

namespace wd::provider {

DefaultProvider::~DefaultProvider() noexcept {
  if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
  OSSL_LIB_CTX_free(library_);
}

bool DefaultProvider::load() noexcept {
  // Not a child context, which would mirror the application's providers, `wd` among them; and no
  // configuration file is ever read into it.
  library_ = OSSL_LIB_CTX_new();
  if (library_ == nullptr) return false;
  provider_ = OSSL_PROVIDER_load(library_, "default");
  return provider_ != nullptr;
}

void* DefaultProvider::context() const noexcept {
  return OSSL_PROVIDER_get0_provider_ctx(provider_);
}

const OSSL_ALGORITHM* DefaultProvider::rows(int operation, int* no_store) const noexcept {
  return OSSL_PROVIDER_query_operation(provider_, operation, no_store);
}

int DefaultProvider::capabilities(const char* name, OSSL_CALLBACK* each,
                                  void* argument) const noexcept {
  return OSSL_PROVIDER_get_capabilities(provider_, name, each, argument);
}

int DefaultProvider::self_test() const noexcept {
  return OSSL_PROVIDER_self_test(provider_);
}

}  // namespace wd::provider
