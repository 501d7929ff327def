// What the provider's section in openssl.cnf and wd.conf say. openssl.cnf wins, being nearer to the
// application.
#ifndef WD_PROVIDER_SETTINGS_HPP_
#define WD_PROVIDER_SETTINGS_HPP_

#include <openssl/core.h>

#include "wd/config.hpp"

namespace wd::provider {

struct Settings {
  wd::CryptoConfig crypto;

  // Reads the section of the provider that `handle` is. On failure `*complaint` names the key.
  [[nodiscard]] bool read(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core,
                          const wd::Config& config, const char** complaint) noexcept;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_SETTINGS_HPP_
