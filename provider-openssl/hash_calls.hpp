// The hashes of hash_state.hpp as rows, for code that learns at run time which one it is.
#ifndef WD_PROVIDER_HASH_CALLS_HPP_
#define WD_PROVIDER_HASH_CALLS_HPP_

#include <cstddef>
#include <cstdint>
#include <span>

#include "hash_state.hpp"

namespace wd::provider {

// Room for any of the states.
union AnyHashState {
  SHA_CTX sha1;
  SHA256_CTX sha256;
  SHA512_CTX sha512;
};

struct HashCalls {
  // What default calls it, separated by colons.
  const char* names;
  int (*init)(AnyHashState* state) noexcept;
  int (*update)(AnyHashState* state, const void* data, std::size_t bytes) noexcept;
  int (*final)(unsigned char* digest, AnyHashState* state) noexcept;
  std::size_t digest_bytes;
  std::size_t block_bytes;
  wd::KeyedHash hash;
  Lane hmac_lane;
};

// Null if it is none of them.
[[nodiscard]] const HashCalls* find_hash(const char* name) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_HASH_CALLS_HPP_
