// The hashes that messages can share batches with, and libcrypto's functions for one alone.
//
// Those are deprecated for programs, but public, and the very code of the default provider. There
// is one struct of function types for each hash: names, not copies.
#ifndef WD_PROVIDER_HASH_STATE_HPP_
#define WD_PROVIDER_HASH_STATE_HPP_

#include <openssl/sha.h>

#include <cstddef>

#include "batches.hpp"
#include "wd/statistics.hpp"

namespace wd::provider {

struct Sha1 {
  using State = SHA_CTX;
  static constexpr std::size_t kDigestBytes = SHA_DIGEST_LENGTH;
  static constexpr std::size_t kBlockBytes = SHA_CBLOCK;
  static constexpr auto kHash = wd::KeyedHash::sha1;
  static constexpr auto kLane = Lane::sha1;
  static constexpr auto kAlgorithm = wd::Algorithm::sha1;
  static int init(State* state) noexcept { return SHA1_Init(state); }
  static int update(State* state, const void* data, std::size_t bytes) noexcept {
    return SHA1_Update(state, data, bytes);
  }
  static int final(unsigned char* digest, State* state) noexcept {
    return SHA1_Final(digest, state);
  }
};

// SHA-224 and -256 share a state and its functions, so do SHA-384 and -512.
struct Sha256Family {
  using State = SHA256_CTX;
  static constexpr std::size_t kBlockBytes = SHA256_CBLOCK;
  static constexpr auto kAlgorithm = wd::Algorithm::sha2;
  static int update(State* state, const void* data, std::size_t bytes) noexcept {
    return SHA256_Update(state, data, bytes);
  }
  static int final(unsigned char* digest, State* state) noexcept {
    return SHA256_Final(digest, state);
  }
};

struct Sha512Family {
  using State = SHA512_CTX;
  static constexpr std::size_t kBlockBytes = SHA512_CBLOCK;
  static constexpr auto kAlgorithm = wd::Algorithm::sha2;
  static int update(State* state, const void* data, std::size_t bytes) noexcept {
    return SHA512_Update(state, data, bytes);
  }
  static int final(unsigned char* digest, State* state) noexcept {
    return SHA512_Final(digest, state);
  }
};

struct Sha224 : Sha256Family {
  static constexpr std::size_t kDigestBytes = SHA224_DIGEST_LENGTH;
  static constexpr auto kHash = wd::KeyedHash::sha224;
  static constexpr auto kLane = Lane::sha224;
  static int init(State* state) noexcept { return SHA224_Init(state); }
};

struct Sha256 : Sha256Family {
  static constexpr std::size_t kDigestBytes = SHA256_DIGEST_LENGTH;
  static constexpr auto kHash = wd::KeyedHash::sha256;
  static constexpr auto kLane = Lane::sha256;
  static int init(State* state) noexcept { return SHA256_Init(state); }
};

struct Sha384 : Sha512Family {
  static constexpr std::size_t kDigestBytes = SHA384_DIGEST_LENGTH;
  static constexpr auto kHash = wd::KeyedHash::sha384;
  static constexpr auto kLane = Lane::sha384;
  static int init(State* state) noexcept { return SHA384_Init(state); }
};

struct Sha512 : Sha512Family {
  static constexpr std::size_t kDigestBytes = SHA512_DIGEST_LENGTH;
  static constexpr auto kHash = wd::KeyedHash::sha512;
  static constexpr auto kLane = Lane::sha512;
  static int init(State* state) noexcept { return SHA512_Init(state); }
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_HASH_STATE_HPP_
