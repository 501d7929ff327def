// How the engine module is asked for its functions.
#ifndef WD_SOFTWARE_IPSEC_MB_OPEN_MODULE_HPP_
#define WD_SOFTWARE_IPSEC_MB_OPEN_MODULE_HPP_

#include "wd/crypto_engine.hpp"

WD_NAMESPACE_BEGIN

// Its file, in the folder of modules.
inline constexpr const char* kCryptoModule = "crypto-ipsec-mb.so";
// The symbol it exports: the engine, which is the module's and stays; null if this CPU is not for
// it.
inline constexpr const char* kCryptoModuleSymbol = "wd_crypto_engine_open";
using OpenCryptoModule = const CryptoEngine*() noexcept;

WD_NAMESPACE_END

extern "C" wd::OpenCryptoModule wd_crypto_engine_open;

#endif  // WD_SOFTWARE_IPSEC_MB_OPEN_MODULE_HPP_
