#include "library.hpp"

#include <openssl/err.h>

#include "fail.hpp"

namespace wd::bench {

void expect(bool succeeded, const char* what) {
  if (succeeded) return;
  char reason[256] = "no reason given";
  if (const unsigned long error = ERR_peek_last_error())
    ERR_error_string_n(error, reason, sizeof(reason));
  fail(what, reason);
}

Library::Library(const char* provider, const std::string& folder) : context_(OSSL_LIB_CTX_new()) {
  expect(context_ != nullptr, "no library context");
  if (!folder.empty())
    expect(OSSL_PROVIDER_set_default_search_path(context(), folder.c_str()) == 1,
           "cannot set the folder of modules");
  provider_.reset(OSSL_PROVIDER_load(context(), provider));
  expect(provider_ != nullptr, "cannot load the provider");
}

Cipher Library::cipher(const std::string& name) const {
  Cipher cipher(EVP_CIPHER_fetch(context(), name.c_str(), nullptr));
  expect(cipher != nullptr, name.c_str());
  return cipher;
}

Digest Library::digest(const std::string& name) const {
  Digest digest(EVP_MD_fetch(context(), name.c_str(), nullptr));
  expect(digest != nullptr, name.c_str());
  return digest;
}

Mac Library::mac(const std::string& name) const {
  Mac mac(EVP_MAC_fetch(context(), name.c_str(), nullptr));
  expect(mac != nullptr, name.c_str());
  return mac;
}

bool Library::accelerates(const std::string& name) const {
  constexpr const char* kOurs = "wd.accel=yes";
  const bool found = Cipher(EVP_CIPHER_fetch(context(), name.c_str(), kOurs)) != nullptr ||
                     Digest(EVP_MD_fetch(context(), name.c_str(), kOurs)) != nullptr ||
                     Mac(EVP_MAC_fetch(context(), name.c_str(), kOurs)) != nullptr;
  ERR_clear_error();
  return found;
}

}  // namespace wd::bench
