// One operation that batches take, chosen at random.
#ifndef WD_TESTS_PROVIDER_JOBS_OPERATION_HPP_
#define WD_TESTS_PROVIDER_JOBS_OPERATION_HPP_

#include <openssl/crypto.h>

#include <cstdint>
#include <random>
#include <vector>

namespace wd::test {

using Bytes = std::vector<std::uint8_t>;

struct Operation {
  enum class Kind { cbc, digest, hmac } kind;
  const char* algorithm;
  Bytes key;
  Bytes iv;
  // The message, in the pieces that it is given in.
  std::vector<Bytes> pieces;
};

// How many there are: three sizes of key, five hashes, and HMAC with each.
inline constexpr unsigned kOperations = 13;

// Three of four are the one with the number `favourite`, so that enough of them come together.
Operation any_operation(std::mt19937& random, unsigned favourite);

// What it gives with the provider of that library context; empty if a call fails.
Bytes result_of(const Operation& operation, OSSL_LIB_CTX* library);

}  // namespace wd::test

#endif  // WD_TESTS_PROVIDER_JOBS_OPERATION_HPP_
