// SHA-1 and SHA-2 as OpenSSL's digest operation has them: libcrypto's own code for one message,
// which is what its default provider runs, too, and batches for messages of several jobs.
#ifndef WD_PROVIDER_DIGEST_HPP_
#define WD_PROVIDER_DIGEST_HPP_

#include <openssl/core.h>

#include <span>

namespace wd::provider {

// The functions for a hash with `bits` of output: 160 (SHA-1), 224, 256, 384, 512.
[[nodiscard]] std::span<const OSSL_DISPATCH> digest_functions(unsigned bits) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_DIGEST_HPP_
