// What is passed through: symmetric algorithms, key derivation, random numbers.

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "call_task.hpp"
#include "row.hpp"
#include "tasks.hpp"

namespace wd::bench {
namespace {

constexpr const char* kOperation = "pass_through";

TaskPtr hkdf(const Library& library, std::size_t bytes) {
  const Kdf kdf(EVP_KDF_fetch(library.context(), "HKDF", nullptr));
  expect(kdf != nullptr, "HKDF");
  std::shared_ptr<EVP_KDF_CTX> context(EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
  return call_task("HKDF", [context, bytes](Bytes& out) {
    static std::uint8_t secret[32] = {1, 2, 3};
    static char digest[] = "SHA2-256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret, sizeof(secret)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, secret, sizeof(secret)),
        OSSL_PARAM_construct_end()};
    out.resize(bytes);
    return EVP_KDF_derive(context.get(), out.data(), out.size(), params) == 1;
  });
}

// What comes out is of no use to anybody, least of all to compare.
TaskPtr random_bytes(const Library& library, std::size_t bytes) {
  return call_task("RAND_bytes_ex",
                   [context = library.context(), room = Bytes(bytes)](Bytes&) mutable {
                     return RAND_bytes_ex(context, room.data(), room.size(), 0) == 1;
                   });
}

}  // namespace

void add_other_rows(Rows& rows) {
  const auto add = [&rows](const char* algorithm, std::size_t bytes, auto make) {
    rows.push_back({kOperation, algorithm, bytes, 0, "",
                    [=](const Library& library) { return make(library, bytes); }});
  };
  for (const std::size_t bytes : {64, 16384}) {
    add("ChaCha20-Poly1305", bytes, [](const Library& library, std::size_t size) {
      return message_task(library, "ChaCha20-Poly1305", size, Direction::kEncrypt);
    });
    for (const char* cipher : {"AES-128-ECB", "AES-128-XTS", "CAMELLIA-128-CBC"}) {
      add(cipher, bytes, [cipher](const Library& library, std::size_t size) {
        return update_task(library, cipher, size, Direction::kEncrypt);
      });
    }
    for (const char* digest : {"MD5", "SHA3-256", "BLAKE2B-512"}) {
      add(digest, bytes, [digest](const Library& library, std::size_t size) {
        return digest_task(library, digest, size);
      });
    }
  }
  add("HKDF", 32, hkdf);
  add("RAND", 32, random_bytes);
}

}  // namespace wd::bench
