// HMAC (RFC 2104) as OpenSSL's MAC operation has it: over libcrypto's SHA-1 and SHA-2 for one
// message, in batches for messages of several jobs. Other hashes, and TLS records, are default's.
#ifndef WD_PROVIDER_HMAC_HPP_
#define WD_PROVIDER_HMAC_HPP_

#include <openssl/core.h>

#include <span>

namespace wd::provider {

[[nodiscard]] std::span<const OSSL_DISPATCH> hmac_functions(unsigned) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_HMAC_HPP_
