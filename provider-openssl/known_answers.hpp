// Known answers for what is accelerated: published vectors, run when a provider is loaded and when
// a program asks for its self test.
#ifndef WD_PROVIDER_KNOWN_ANSWERS_HPP_
#define WD_PROVIDER_KNOWN_ANSWERS_HPP_

#include "wd/crypto_engine.hpp"

namespace wd::provider {

// What passed.
struct KnownAnswers {
  // The core's AES: counter mode and chaining.
  bool wide_aes;
  // The engine's direct calls: AES-GCM.
  bool engine;
};

// A few microseconds. `engine` may be null, and is not tested then.
[[nodiscard]] KnownAnswers check_known_answers(const wd::CryptoEngine* engine) noexcept;

// The engine's batches. Makes one and wipes it: some 100 microseconds.
[[nodiscard]] bool check_batches(const wd::CryptoEngine& engine) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_KNOWN_ANSWERS_HPP_
