// Tasks that more than one file of rows has a use for.
#ifndef WD_BENCH_CRYPTO_TASKS_HPP_
#define WD_BENCH_CRYPTO_TASKS_HPP_

#include <string>

#include "library.hpp"
#include "task.hpp"

namespace wd::bench {

enum class Direction { kEncrypt, kDecrypt };

// Whole messages of an AEAD cipher with a 12 byte IV: a key set once; then IV, additional data,
// text and tag for each.
TaskPtr message_task(const Library& library, const std::string& cipher, std::size_t bytes,
                     Direction direction);

// EVP_CipherUpdate() again and again, as `openssl speed` does.
TaskPtr update_task(const Library& library, const std::string& cipher, std::size_t bytes,
                    Direction direction);

// EVP_Digest().
TaskPtr digest_task(const Library& library, const std::string& digest, std::size_t bytes);

// A context whose key is set once; then init, update, final for each message.
TaskPtr hmac_task(const Library& library, const std::string& digest, std::size_t bytes);

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_TASKS_HPP_
