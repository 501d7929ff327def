#include "hash_calls.hpp"

#include "names.hpp"

namespace wd::provider {

namespace {

template <class Hash>
typename Hash::State* state_of(AnyHashState* any) noexcept {
  return reinterpret_cast<typename Hash::State*>(any);
}

template <class Hash>
constexpr HashCalls calls(const char* names, Lane hmac_lane) noexcept {
  return {names,
          [](AnyHashState* state) noexcept { return Hash::init(state_of<Hash>(state)); },
          [](AnyHashState* state, const void* data, std::size_t bytes) noexcept {
            return Hash::update(state_of<Hash>(state), data, bytes);
          },
          [](unsigned char* digest, AnyHashState* state) noexcept {
            return Hash::final(digest, state_of<Hash>(state));
          },
          Hash::kDigestBytes,
          Hash::kBlockBytes,
          Hash::kHash,
          hmac_lane};
}

// The names of the default provider, but for the object identifiers: those are default's to look
// up.
constexpr HashCalls kHashes[] = {
    calls<Sha256>("SHA2-256:SHA-256:SHA256", Lane::hmac_sha256),
    calls<Sha1>("SHA1:SHA-1", Lane::hmac_sha1),
    calls<Sha384>("SHA2-384:SHA-384:SHA384", Lane::hmac_sha384),
    calls<Sha512>("SHA2-512:SHA-512:SHA512", Lane::hmac_sha512),
    calls<Sha224>("SHA2-224:SHA-224:SHA224", Lane::hmac_sha224),
};

}  // namespace

const HashCalls* find_hash(const char* name) noexcept {
  for (const HashCalls& hash : kHashes)
    if (has_name(hash.names, name)) return &hash;
  return nullptr;
}

}  // namespace wd::provider
