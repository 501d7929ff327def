#include "own_rows.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>

#include "aes_cbc.hpp"
#include "aes_ctr.hpp"
#include "aes_gcm.hpp"
#include "digest.hpp"
#include "hmac.hpp"
#include "wd/aes.hpp"

namespace wd::provider {

namespace {

using wd::CryptoFamily;

// What a row of ours can stand on.
enum class Needs : std::uint8_t { engine, wide_aes };

struct Row {
  RowId id;
  CryptoFamily family;
  int operation;
  const char* name;
  Needs needs;
  std::span<const OSSL_DISPATCH> (*functions)(unsigned bits) noexcept;
  unsigned bits;
};

// Measured not to be slower than default in libcrypto below this version (OPENSSL_VERSION_NUMBER's
// form): beside 3.0 and 3.5, whose AES-GCM has wide instructions of its own.
constexpr unsigned long kMeasuredBelow = 0x40000000UL;

constexpr Row kRows[] = {
    {RowId::aes_128_gcm, CryptoFamily::aes_gcm, OSSL_OP_CIPHER, "AES-128-GCM", Needs::engine,
     aes_gcm_functions, 128},
    {RowId::aes_192_gcm, CryptoFamily::aes_gcm, OSSL_OP_CIPHER, "AES-192-GCM", Needs::engine,
     aes_gcm_functions, 192},
    {RowId::aes_256_gcm, CryptoFamily::aes_gcm, OSSL_OP_CIPHER, "AES-256-GCM", Needs::engine,
     aes_gcm_functions, 256},
    {RowId::aes_128_ctr, CryptoFamily::aes_ctr, OSSL_OP_CIPHER, "AES-128-CTR", Needs::wide_aes,
     aes_ctr_functions, 128},
    {RowId::aes_192_ctr, CryptoFamily::aes_ctr, OSSL_OP_CIPHER, "AES-192-CTR", Needs::wide_aes,
     aes_ctr_functions, 192},
    {RowId::aes_256_ctr, CryptoFamily::aes_ctr, OSSL_OP_CIPHER, "AES-256-CTR", Needs::wide_aes,
     aes_ctr_functions, 256},
    {RowId::aes_128_cbc, CryptoFamily::aes_cbc, OSSL_OP_CIPHER, "AES-128-CBC", Needs::wide_aes,
     aes_cbc_functions, 128},
    {RowId::aes_192_cbc, CryptoFamily::aes_cbc, OSSL_OP_CIPHER, "AES-192-CBC", Needs::wide_aes,
     aes_cbc_functions, 192},
    {RowId::aes_256_cbc, CryptoFamily::aes_cbc, OSSL_OP_CIPHER, "AES-256-CBC", Needs::wide_aes,
     aes_cbc_functions, 256},
    {RowId::sha1, CryptoFamily::sha1, OSSL_OP_DIGEST, "SHA1", Needs::engine, digest_functions, 160},
    {RowId::sha224, CryptoFamily::sha2, OSSL_OP_DIGEST, "SHA2-224", Needs::engine, digest_functions,
     224},
    {RowId::sha256, CryptoFamily::sha2, OSSL_OP_DIGEST, "SHA2-256", Needs::engine, digest_functions,
     256},
    {RowId::sha384, CryptoFamily::sha2, OSSL_OP_DIGEST, "SHA2-384", Needs::engine, digest_functions,
     384},
    {RowId::sha512, CryptoFamily::sha2, OSSL_OP_DIGEST, "SHA2-512", Needs::engine, digest_functions,
     512},
    {RowId::hmac, CryptoFamily::hmac, OSSL_OP_MAC, "HMAC", Needs::engine, hmac_functions, 0},
};
static_assert(sizeof(kRows) / sizeof(kRows[0]) == kMaxOwnRows);

bool can_run(Needs needs, const wd::CryptoEngine* engine, bool wide_aes) noexcept {
  return needs == Needs::engine ? engine != nullptr : wide_aes && wd::aes_usable();
}

bool is_switched_on(const Row& row, const wd::CryptoConfig& config) noexcept {
  switch (config.use(row.family)) {
    case wd::CryptoConfig::Use::on:
      return true;
    case wd::CryptoConfig::Use::off:
      return false;
    case wd::CryptoConfig::Use::automatic:
      break;
  }
  return OpenSSL_version_num() < kMeasuredBelow;
}

}  // namespace

OwnRows choose_own_rows(const wd::CryptoConfig& config, const wd::CryptoEngine* engine,
                        bool wide_aes) noexcept {
  OwnRows chosen;
  for (const Row& row : kRows) {
    if (!is_switched_on(row, config) || !can_run(row.needs, engine, wide_aes)) continue;
    chosen.rows[chosen.count] = {row.operation, row.name, row.functions(row.bits)};
    chosen.ids[chosen.count] = row.id;
    ++chosen.count;
  }
  return chosen;
}

}  // namespace wd::provider
