// AES in counter mode as OpenSSL's cipher operation has it, over the core's own code.
#ifndef WD_PROVIDER_AES_CTR_HPP_
#define WD_PROVIDER_AES_CTR_HPP_

#include <openssl/core.h>

#include <span>

namespace wd::provider {

// The functions for keys of `bits`: 128, 192, 256.
[[nodiscard]] std::span<const OSSL_DISPATCH> aes_ctr_functions(unsigned bits) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_AES_CTR_HPP_
