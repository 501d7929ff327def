#include "operation.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

namespace wd::test {

namespace {

struct Free {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Free>;

struct Cipher {
  const char* name;
  std::size_t key_bytes;
};
constexpr Cipher kCiphers[] = {{"AES-128-CBC", 16}, {"AES-192-CBC", 24}, {"AES-256-CBC", 32}};
constexpr const char* kDigests[] = {"SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"};

Bytes random_bytes(std::mt19937& random, std::size_t count) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// Few kinds of length, so that many can share a batch; some are not worth one, some too long.
std::size_t any_length(std::mt19937& random) {
  constexpr std::size_t kLengths[] = {1, 511, 512, 1000, 2048, 4096, 16384, 65520, 70000};
  return kLengths[random() % std::size(kLengths)] + random() % 3;
}

Bytes encrypted(const Operation& operation, OSSL_LIB_CTX* library) {
  const Owned<EVP_CIPHER> cipher(EVP_CIPHER_fetch(library, operation.algorithm, nullptr));
  const Owned<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  if (EVP_EncryptInit_ex2(context.get(), cipher.get(), operation.key.data(), operation.iv.data(),
                          nullptr) != 1)
    return {};
  Bytes out;
  int produced = 0;
  for (const Bytes& piece : operation.pieces) {
    const std::size_t before = out.size();
    out.resize(before + piece.size() + 16);
    if (EVP_EncryptUpdate(context.get(), out.data() + before, &produced, piece.data(),
                          static_cast<int>(piece.size())) != 1)
      return {};
    out.resize(before + static_cast<std::size_t>(produced));
  }
  const std::size_t before = out.size();
  out.resize(before + 16);
  if (EVP_EncryptFinal_ex(context.get(), out.data() + before, &produced) != 1) return {};
  out.resize(before + static_cast<std::size_t>(produced));
  return out;
}

Bytes hashed(const Operation& operation, OSSL_LIB_CTX* library) {
  const Owned<EVP_MD> digest(EVP_MD_fetch(library, operation.algorithm, nullptr));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (EVP_DigestInit_ex(context.get(), digest.get(), nullptr) != 1) return {};
  for (const Bytes& piece : operation.pieces)
    if (EVP_DigestUpdate(context.get(), piece.data(), piece.size()) != 1) return {};
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned produced = 0;
  if (EVP_DigestFinal_ex(context.get(), out.data(), &produced) != 1) return {};
  out.resize(produced);
  return out;
}

Bytes authenticated(const Operation& operation, OSSL_LIB_CTX* library) {
  const Owned<EVP_MAC> mac(EVP_MAC_fetch(library, "HMAC", nullptr));
  const Owned<EVP_MAC_CTX> context(EVP_MAC_CTX_new(mac.get()));
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                       const_cast<char*>(operation.algorithm), 0),
      OSSL_PARAM_construct_end()};
  if (EVP_MAC_init(context.get(), operation.key.data(), operation.key.size(), params) != 1)
    return {};
  for (const Bytes& piece : operation.pieces)
    if (EVP_MAC_update(context.get(), piece.data(), piece.size()) != 1) return {};
  Bytes out(EVP_MAX_MD_SIZE);
  std::size_t produced = 0;
  if (EVP_MAC_final(context.get(), out.data(), &produced, out.size()) != 1) return {};
  out.resize(produced);
  return out;
}

}  // namespace

Operation any_operation(std::mt19937& random, unsigned favourite) {
  const std::size_t number = random() % 4 != 0 ? favourite : random() % kOperations;
  constexpr std::size_t kHashes = std::size(kDigests);
  Operation operation{};
  if (number < std::size(kCiphers)) {
    operation.kind = Operation::Kind::cbc;
    operation.algorithm = kCiphers[number].name;
    operation.key = random_bytes(random, kCiphers[number].key_bytes);
    operation.iv = random_bytes(random, 16);
  } else {
    const std::size_t hash = number - std::size(kCiphers);
    operation.kind = hash < kHashes ? Operation::Kind::digest : Operation::Kind::hmac;
    operation.algorithm = kDigests[hash % kHashes];
    operation.key = random_bytes(random, 1 + random() % 200);
  }
  const unsigned pieces = random() % 4 == 0 ? 3 : 1;
  for (unsigned i = 0; i < pieces; ++i)
    operation.pieces.push_back(random_bytes(random, any_length(random)));
  return operation;
}

Bytes result_of(const Operation& operation, OSSL_LIB_CTX* library) {
  switch (operation.kind) {
    case Operation::Kind::cbc:
      return encrypted(operation, library);
    case Operation::Kind::digest:
      return hashed(operation, library);
    case Operation::Kind::hmac:
      break;
  }
  return authenticated(operation, library);
}

}  // namespace wd::test
