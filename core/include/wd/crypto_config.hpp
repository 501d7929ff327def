// What of cryptography is accelerated, and from which size and depth on. Part of Config; the
// OpenSSL provider reads the same keys from its section in openssl.cnf.
#ifndef WD_CRYPTO_CONFIG_HPP_
#define WD_CRYPTO_CONFIG_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "wd/result.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

// What is switched on and off as one.
enum class CryptoFamily : std::uint8_t { aes_gcm, aes_ctr, aes_cbc, sha1, sha2, hmac, count_ };

struct CryptoConfig {
  // Algorithms that are not accelerated are there, too, done by OpenSSL's default provider. 0
  // leaves only the accelerated ones.
  bool passthrough = true;
  // By family: `auto` accelerates where that is known to be faster, `on` wherever it can be done,
  // `off` never.
  enum class Use : std::uint8_t { automatic, on, off };
  Use families[static_cast<std::size_t>(CryptoFamily::count_)] = {};
  // Shorter messages never wait for a batch. 0: as measured for each algorithm, 512 bytes at least.
  std::uint32_t batch_min_bytes = 0;
  // While recent batches were shallower than this, messages do not wait for one. 0: as measured for
  // each algorithm.
  std::uint32_t batch_min_depth = 0;

  [[nodiscard]] Use use(CryptoFamily family) const noexcept {
    return families[static_cast<std::size_t>(family)];
  }

  // All that set() knows.
  WD_API static std::span<const char* const> keys() noexcept;
  [[nodiscard]] WD_API static bool knows(std::string_view key) noexcept;
  // invalid_argument, with a text that names the key, if the key is unknown or the value cannot be
  // understood; nothing is changed then.
  WD_API Result<void> set(std::string_view key, std::string_view value) noexcept;
};

WD_NAMESPACE_END

#endif  // WD_CRYPTO_CONFIG_HPP_
