// Two library contexts in one process: default, which is the oracle, and wd, which is tested.
#ifndef WD_TESTS_PROVIDER_TWO_LIBRARIES_HPP_
#define WD_TESTS_PROVIDER_TWO_LIBRARIES_HPP_

#include <openssl/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wd::test {

using Bytes = std::vector<std::uint8_t>;

// A difference that was found, in words; empty when there is none.
using Difference = std::string;

// What one call gave: its return value, a length that it told, and a buffer that it could write to.
struct Answer {
  long code = 0;
  long length = 0;
  Bytes out;
};

// The same thing twice: for default, and for wd.
template <class Value>
struct Both {
  Value reference{};
  Value subject{};
};

struct Freed {
  void operator()(EVP_CIPHER_CTX* each) const { EVP_CIPHER_CTX_free(each); }
  void operator()(EVP_CIPHER* each) const { EVP_CIPHER_free(each); }
  void operator()(EVP_MD_CTX* each) const { EVP_MD_CTX_free(each); }
  void operator()(EVP_MD* each) const { EVP_MD_free(each); }
  void operator()(EVP_MAC_CTX* each) const { EVP_MAC_CTX_free(each); }
  void operator()(EVP_MAC* each) const { EVP_MAC_free(each); }
  void operator()(EVP_PKEY* each) const { EVP_PKEY_free(each); }
};
template <class Type>
using Owned = std::unique_ptr<Type, Freed>;

// Loads both; the folder has wd.so. False, with a message on standard error, if that fails.
bool load_libraries(const char* module_folder);
void unload_libraries();
const Both<OSSL_LIB_CTX*>& libraries();

// Compares a call's answers; `call` is for people.
Difference compare(const std::string& call, const Both<Answer>& answers);

// Every parameter of `names` but those that change something when they are read, as `get` gives it
// on each side; and but for `except`.
Difference compare_parameters(
    const std::string& call, const OSSL_PARAM* names,
    const std::function<int(bool of_subject, OSSL_PARAM* parameters)>& get,
    const char* except = "");

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_TWO_LIBRARIES_HPP_
