#include "default_provider.hpp"

#include <openssl/crypto.h>

#include <cstdint>

// Of libcrypto since 3.2; null in an older one. The header has it only where it is there.
extern "C" __attribute__((weak)) int OSSL_set_max_threads(OSSL_LIB_CTX* library,
                                                          std::uint64_t threads);

namespace wd::provider {

namespace {

// No library context starts more threads than an Argon2 asks for.
constexpr std::uint64_t kAnyNumberOfThreads = 1024;

}  // namespace

DefaultProvider::~DefaultProvider() noexcept {
  if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
  OSSL_LIB_CTX_free(library_);
}

bool DefaultProvider::load() noexcept {
  // Not a child context, which would mirror the application's providers, `wd` among them; and no
  // configuration file is ever read into it.
  library_ = OSSL_LIB_CTX_new();
  if (library_ == nullptr) return false;
  // Threads are given out by library context, and what the application allows for its own is not
  // known here: what it asks of Argon2 is what counts.
  if (&OSSL_set_max_threads != nullptr)
    static_cast<void>(OSSL_set_max_threads(library_, kAnyNumberOfThreads));
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
