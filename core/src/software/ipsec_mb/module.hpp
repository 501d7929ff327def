// What the parts of the engine module on ipsec-mb share. Only the module's own files include this:
// the library itself is there only when the module has been opened.
#ifndef WD_SOFTWARE_IPSEC_MB_MODULE_HPP_
#define WD_SOFTWARE_IPSEC_MB_MODULE_HPP_

#include <intel-ipsec-mb.h>

#include "wd/crypto_engine.hpp"

WD_NAMESPACE_BEGIN

// The manager whose function table serves direct calls; it never holds jobs, so threads share it.
// Set when the module is opened.
const IMB_MGR* direct_calls() noexcept;

// The rows that gcm.cpp and batch.cpp bring.
void fill_gcm_calls(CryptoEngine& engine) noexcept;
BatchCalls batch_calls() noexcept;

WD_NAMESPACE_END

#endif  // WD_SOFTWARE_IPSEC_MB_MODULE_HPP_
