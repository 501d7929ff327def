#ifndef WD_BENCH_CRYPTO_LIBRARY_HPP_
#define WD_BENCH_CRYPTO_LIBRARY_HPP_

#include <string>

#include "handles.hpp"

namespace wd::bench {

// A library context with one provider and nothing else. The application's own stays empty.
class Library {
 public:
  // `folder` is where modules are looked for; empty for what libcrypto has built in.
  Library(const char* provider, const std::string& folder);

  [[nodiscard]] OSSL_LIB_CTX* context() const { return context_.get(); }

  // Each ends the program if there is no such algorithm.
  [[nodiscard]] Cipher cipher(const std::string& name) const;
  [[nodiscard]] Digest digest(const std::string& name) const;
  [[nodiscard]] Mac mac(const std::string& name) const;

  // Whether the provider computes the algorithm itself.
  [[nodiscard]] bool accelerates(const std::string& name) const;

 private:
  LibraryContext context_;
  Provider provider_;
};

// Ends the program, with OpenSSL's own reason, unless a call has succeeded.
void expect(bool succeeded, const char* what);

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_LIBRARY_HPP_
