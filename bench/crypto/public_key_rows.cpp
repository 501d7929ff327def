// What is passed through: public keys.

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <map>

#include "call_task.hpp"
#include "row.hpp"

namespace wd::bench {
namespace {

constexpr const char* kOperation = "pass_through";
constexpr std::size_t kHashBytes = 32;

// Keys and contexts live as long as the task that uses them.
template <class T, auto kFree>
std::shared_ptr<T> shared(Handle<T, kFree> handle) {
  return std::shared_ptr<T>(std::move(handle));
}

// The same key for both: made once, by stock, and carried over as PKCS #8 carries it.
const Bytes& private_key(const char* type, const char* curve) {
  static std::map<std::string, Bytes> made;
  Bytes& encoded = made[type];
  if (!encoded.empty()) return encoded;
  const Library standard("default", "");
  const Key key(curve != nullptr
                    ? EVP_PKEY_Q_keygen(standard.context(), nullptr, type, curve)
                    : EVP_PKEY_Q_keygen(standard.context(), nullptr, type, std::size_t{2048}));
  expect(key != nullptr, "cannot make a key");
  unsigned char* octets = nullptr;
  const int count = i2d_PrivateKey(key.get(), &octets);
  expect(count > 0, "cannot encode a key");
  encoded.assign(octets, octets + count);
  OPENSSL_clear_free(octets, static_cast<std::size_t>(count));
  return encoded;
}

Key key_of(const Library& library, const char* type, const char* curve) {
  const Bytes& encoded = private_key(type, curve);
  const unsigned char* at = encoded.data();
  Key key(d2i_AutoPrivateKey_ex(nullptr, &at, static_cast<long>(encoded.size()), library.context(),
                                nullptr));
  expect(key != nullptr, "cannot decode a key");
  return key;
}

KeyContext context_of(const Library& library, EVP_PKEY* key) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(library.context(), key, nullptr));
  expect(context != nullptr, "no context for a key");
  return context;
}

Bytes sign_once(EVP_PKEY_CTX* context, const Bytes& hash) {
  std::size_t size = 0;
  expect(EVP_PKEY_sign(context, nullptr, &size, hash.data(), hash.size()) == 1, "signature");
  Bytes signature(size);
  expect(EVP_PKEY_sign(context, signature.data(), &size, hash.data(), hash.size()) == 1,
         "signature");
  signature.resize(size);
  return signature;
}

// ECDSA signatures are random: of those `output` stays empty.
TaskPtr sign(const Library& library, const char* type, const char* curve) {
  const auto key = shared(key_of(library, type, curve));
  const auto context = shared(context_of(library, key.get()));
  expect(EVP_PKEY_sign_init(context.get()) == 1, "signature");
  const bool random = curve != nullptr;
  return call_task(
      "signature", [=, room = Bytes(512), hash = test_bytes(kHashBytes)](Bytes& output) mutable {
        std::size_t size = room.size();
        if (EVP_PKEY_sign(context.get(), room.data(), &size, hash.data(), hash.size()) != 1)
          return false;
        if (!random && output.empty()) output.assign(room.data(), room.data() + size);
        return true;
      });
}

TaskPtr verify(const Library& library, const char* type, const char* curve) {
  const auto key = shared(key_of(library, type, curve));
  const Bytes hash = test_bytes(kHashBytes);
  const auto signing = context_of(library, key.get());
  expect(EVP_PKEY_sign_init(signing.get()) == 1, "signature");
  const Bytes signature = sign_once(signing.get(), hash);
  const auto context = shared(context_of(library, key.get()));
  expect(EVP_PKEY_verify_init(context.get()) == 1, "verification");
  return call_task("verification", [=](Bytes&) {
    return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(),
                           hash.size()) == 1;
  });
}

TaskPtr derive(const Library& library) {
  const auto make_key = [&library](std::uint8_t first) {
    Bytes octets = test_bytes(32);
    octets[0] = first;
    Key key(EVP_PKEY_new_raw_private_key_ex(library.context(), "X25519", nullptr, octets.data(),
                                            octets.size()));
    expect(key != nullptr, "X25519");
    return key;
  };
  const auto mine = shared(make_key(1));
  const auto peer = shared(make_key(2));
  const auto context = shared(context_of(library, mine.get()));
  expect(EVP_PKEY_derive_init(context.get()) == 1 &&
             EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1,
         "X25519");
  return call_task("X25519", [=](Bytes& output) {
    output.resize(32);
    std::size_t size = output.size();
    return EVP_PKEY_derive(context.get(), output.data(), &size) == 1;
  });
}

}  // namespace

void add_public_key_rows(Rows& rows) {
  const auto add = [&rows](const char* algorithm, auto make) {
    rows.push_back({kOperation, algorithm, std::nullopt, 0, "", make});
  };
  add("RSA-2048-sign", [](const Library& library) { return sign(library, "RSA", nullptr); });
  add("RSA-2048-verify", [](const Library& library) { return verify(library, "RSA", nullptr); });
  add("ECDSA-P-256-sign", [](const Library& library) { return sign(library, "EC", "P-256"); });
  add("ECDSA-P-256-verify", [](const Library& library) { return verify(library, "EC", "P-256"); });
  add("X25519-derive", derive);
}

}  // namespace wd::bench
