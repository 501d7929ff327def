// What a program pays before it computes anything: fetching an algorithm, and a new context.

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "call_task.hpp"
#include "row.hpp"

namespace wd::bench {
namespace {

TaskPtr fetch_cipher(const Library& library, const char* name) {
  return call_task("EVP_CIPHER_fetch", [context = library.context(), name](Bytes&) {
    return Cipher(EVP_CIPHER_fetch(context, name, nullptr)) != nullptr;
  });
}

TaskPtr fetch_digest(const Library& library, const char* name) {
  return call_task("EVP_MD_fetch", [context = library.context(), name](Bytes&) {
    return Digest(EVP_MD_fetch(context, name, nullptr)) != nullptr;
  });
}

TaskPtr new_encryption(const Library& library, const char* name) {
  std::shared_ptr<EVP_CIPHER> cipher(library.cipher(name));
  return call_task("a new context", [cipher, key = test_bytes(64)](Bytes&) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    return EVP_EncryptInit_ex2(context.get(), cipher.get(), key.data(), key.data(), nullptr) == 1;
  });
}

TaskPtr new_decryption(const Library& library, const char* name) {
  std::shared_ptr<EVP_CIPHER> cipher(library.cipher(name));
  return call_task("a new context", [cipher, key = test_bytes(64)](Bytes&) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    return EVP_DecryptInit_ex2(context.get(), cipher.get(), key.data(), key.data(), nullptr) == 1;
  });
}

TaskPtr new_digest(const Library& library, const char* name) {
  std::shared_ptr<EVP_MD> digest(library.digest(name));
  return call_task("a new context", [digest](Bytes&) {
    const DigestContext context(EVP_MD_CTX_new());
    return EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) == 1;
  });
}

TaskPtr new_hmac(const Library& library, const char* name) {
  std::shared_ptr<EVP_MAC> mac(library.mac("HMAC"));
  return call_task("a new context",
                   [mac, key = test_bytes(32), digest = std::string(name)](Bytes&) mutable {
                     const OSSL_PARAM params[] = {
                         OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                         OSSL_PARAM_construct_end()};
                     const MacContext context(EVP_MAC_CTX_new(mac.get()));
                     return EVP_MAC_init(context.get(), key.data(), key.size(), params) == 1;
                   });
}

using Make = TaskPtr (*)(const Library&, const char*);

void add(Rows& rows, const char* operation, Make make, std::initializer_list<const char*> names,
         const char* implementation = nullptr) {
  for (const char* name : names) {
    rows.push_back({operation, name, std::nullopt, 0,
                    implementation != nullptr ? implementation : name,
                    [=](const Library& library) { return make(library, name); }});
  }
}

}  // namespace

void add_context_rows(Rows& rows) {
  add(rows, "fetch", fetch_cipher, {"AES-128-GCM", "AES-256-CBC", "ChaCha20-Poly1305"});
  add(rows, "fetch", fetch_digest, {"SHA2-256", "SHA3-256"});
  add(rows, "new_encryption", new_encryption,
      {"AES-128-GCM", "AES-256-GCM", "AES-128-CTR", "AES-256-CTR", "AES-128-CBC", "AES-256-CBC"});
  add(rows, "new_decryption", new_decryption,
      {"AES-128-GCM", "AES-256-GCM", "AES-128-CBC", "AES-256-CBC"});
  add(rows, "new_digest", new_digest, {"SHA1", "SHA2-256", "SHA2-512"});
  add(rows, "new_hmac", new_hmac, {"SHA1", "SHA2-256", "SHA2-512"}, "HMAC");
}

}  // namespace wd::bench
