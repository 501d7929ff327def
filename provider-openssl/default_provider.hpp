// OpenSSL's default provider, held in a library context of our own. It serves whatever is not
// accelerated, and is the oracle and the fallback for what is.
//
// In the application's context another "default" may be loaded, or none; what is asked of this one
// is never answered by `wd` itself, because nothing else is ever loaded into the private context.
// Threads: all functions may be called from any thread. Errors are on OpenSSL's error queue.
#ifndef WD_PROVIDER_DEFAULT_PROVIDER_HPP_
#define WD_PROVIDER_DEFAULT_PROVIDER_HPP_

#include <openssl/core.h>
#include <openssl/provider.h>

#include "wd/version.hpp"

namespace wd::provider {

class DefaultProvider {
 public:
  DefaultProvider() noexcept = default;
  ~DefaultProvider() noexcept;
  DefaultProvider(const DefaultProvider&) = delete;
  DefaultProvider& operator=(const DefaultProvider&) = delete;

  // Costs about 90 microseconds. False: no memory, or a libcrypto without a default provider.
  [[nodiscard]] bool load() noexcept;

  // The context that its functions expect where they take a `provctx`.
  [[nodiscard]] void* context() const noexcept;
  // Its rows for an operation; null if it has none. Its own memory, valid as long as this object.
  [[nodiscard]] const OSSL_ALGORITHM* rows(int operation, int* no_store) const noexcept;
  [[nodiscard]] int capabilities(const char* name, OSSL_CALLBACK* each,
                                 void* argument) const noexcept;
  [[nodiscard]] int self_test() const noexcept;
  [[nodiscard]] OSSL_LIB_CTX* library() const noexcept { return library_; }

 private:
  OSSL_LIB_CTX* library_ = nullptr;
  OSSL_PROVIDER* provider_ = nullptr;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_DEFAULT_PROVIDER_HPP_
