// The provider wd and the default provider, each alone in a library context.
#ifndef WD_TESTS_PROVIDER_JOBS_PROVIDERS_HPP_
#define WD_TESTS_PROVIDER_JOBS_PROVIDERS_HPP_

#include <openssl/crypto.h>

namespace wd::test {

class Library {
 public:
  // `provider` is wd, which is the module that WD_PROVIDER names, or default.
  explicit Library(const char* provider);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  [[nodiscard]] OSSL_LIB_CTX* get() const { return library_; }

 private:
  OSSL_LIB_CTX* library_;
};

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_JOBS_PROVIDERS_HPP_
