// AES-CBC as OpenSSL's cipher operation has it: the core's own code for one message, batches for
// those that several jobs encrypt.
#ifndef WD_PROVIDER_AES_CBC_HPP_
#define WD_PROVIDER_AES_CBC_HPP_

#include <openssl/core.h>

#include <span>

namespace wd::provider {

// The functions for keys of `bits`: 128, 192, 256.
[[nodiscard]] std::span<const OSSL_DISPATCH> aes_cbc_functions(unsigned bits) noexcept;

}  // namespace wd::provider

#endif  // WD_PROVIDER_AES_CBC_HPP_
