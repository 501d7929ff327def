// What is accelerated here and now: the rows that take the place of default's.
#ifndef WD_PROVIDER_OWN_ROWS_HPP_
#define WD_PROVIDER_OWN_ROWS_HPP_

#include <cstddef>
#include <cstdint>

#include "algorithm_tables.hpp"
#include "wd/crypto_config.hpp"
#include "wd/crypto_engine.hpp"

namespace wd::provider {

enum class RowId : std::uint8_t {
  aes_128_gcm,
  aes_192_gcm,
  aes_256_gcm,
  aes_128_ctr,
  aes_192_ctr,
  aes_256_ctr,
  aes_128_cbc,
  aes_192_cbc,
  aes_256_cbc,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  hmac,
  count_
};

inline constexpr std::size_t kMaxOwnRows = static_cast<std::size_t>(RowId::count_);

// The rows that are switched on.
struct OwnRows {
  OwnRow rows[kMaxOwnRows];
  RowId ids[kMaxOwnRows];
  std::size_t count = 0;
};

// `engine` may be null; `wide_aes` says whether the core's AES may be used where the CPU has it.
// Where the configuration leaves it to us, the CPU and the libcrypto that runs decide.
[[nodiscard]] OwnRows choose_own_rows(const wd::CryptoConfig& config,
                                      const wd::CryptoEngine* engine, bool wide_aes) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_OWN_ROWS_HPP_
