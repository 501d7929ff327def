#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>

#include "loaded.hpp"

namespace wd::test {

namespace {

constexpr std::size_t kMessageBytes = 3000;
using Message = std::array<std::uint8_t, kMessageBytes>;

std::string hex(const std::uint8_t* bytes, std::size_t number) {
  std::string text;
  for (std::size_t i = 0; i < number; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text + "\n";
}

std::string digest(OSSL_LIB_CTX* library, const char* properties, const char* name,
                   const Message& message) {
  std::uint8_t out[EVP_MAX_MD_SIZE];
  std::size_t bytes = 0;
  return EVP_Q_digest(library, name, properties, message.data(), message.size(), out, &bytes) == 1
             ? hex(out, bytes)
             : "";
}

std::string cipher(OSSL_LIB_CTX* library, const char* properties, const char* name,
                   const Message& message) {
  EVP_CIPHER* fetched = EVP_CIPHER_fetch(library, name, properties);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const std::uint8_t* key = message.data();
  std::array<std::uint8_t, kMessageBytes + 32> out{};
  int first = 0;
  int last = 0;
  const bool done =
      fetched != nullptr && EVP_EncryptInit_ex2(context, fetched, key, key + 32, nullptr) == 1 &&
      EVP_EncryptUpdate(context, out.data(), &first, message.data(), kMessageBytes) == 1 &&
      EVP_EncryptFinal_ex(context, out.data() + first, &last) == 1;
  EVP_CIPHER_CTX_free(context);
  EVP_CIPHER_free(fetched);
  return done ? hex(out.data(), static_cast<std::size_t>(first + last)) : "";
}

std::string mac(OSSL_LIB_CTX* library, const char* properties, const Message& message) {
  std::uint8_t out[EVP_MAX_MD_SIZE];
  std::size_t bytes = 0;
  return EVP_Q_mac(library, "HMAC", properties, "SHA256", nullptr, message.data(), 32,
                   message.data(), message.size(), out, sizeof out, &bytes) != nullptr
             ? hex(out, bytes)
             : "";
}

// A signature by a new key, verified; says only that it went.
std::string signature(OSSL_LIB_CTX* library, const char* properties, const Message& message) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(library, properties, "ED25519");
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::uint8_t out[64];
  std::size_t bytes = sizeof out;
  bool done =
      key != nullptr &&
      EVP_DigestSignInit_ex(context, nullptr, nullptr, library, properties, key, nullptr) == 1 &&
      EVP_DigestSign(context, out, &bytes, message.data(), message.size()) == 1;
  EVP_MD_CTX_free(context);
  context = EVP_MD_CTX_new();
  done =
      done &&
      EVP_DigestVerifyInit_ex(context, nullptr, nullptr, library, properties, key, nullptr) == 1 &&
      EVP_DigestVerify(context, out, bytes, message.data(), message.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return done ? "signed\n" : "";
}

}  // namespace

std::string works(OSSL_LIB_CTX* library, const char* properties) {
  Message message{};
  for (std::size_t i = 0; i < message.size(); ++i)
    message[i] = static_cast<std::uint8_t>(i * 7 + (i >> 8));
  std::vector<std::string> parts;
  for (const char* name : {"SHA1", "SHA256", "SHA512", "SHA3-256"})
    parts.push_back(digest(library, properties, name, message));
  for (const char* name :
       {"AES-128-GCM", "AES-256-GCM", "AES-256-CTR", "AES-128-CBC", "ChaCha20-Poly1305"})
    parts.push_back(cipher(library, properties, name, message));
  parts.push_back(mac(library, properties, message));
  parts.push_back(signature(library, properties, message));
  std::uint8_t random[32];
  parts.emplace_back(RAND_bytes_ex(library, random, sizeof random, 0) == 1 ? "random\n" : "");
  std::string whole;
  for (const std::string& part : parts) {
    if (part.empty()) return "";
    whole += part;
  }
  return whole;
}

std::string provider_of_sha256(OSSL_LIB_CTX* library, const char* properties) {
  EVP_MD* fetched = EVP_MD_fetch(library, "SHA256", properties);
  std::string name =
      fetched == nullptr ? "none" : OSSL_PROVIDER_get0_name(EVP_MD_get0_provider(fetched));
  EVP_MD_free(fetched);
  return name;
}

}  // namespace wd::test
