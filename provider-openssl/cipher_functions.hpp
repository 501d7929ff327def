// The dispatch table of a cipher whose contexts are ours. Lists of parameters and facts about the
// algorithm stay default's: they need no context.
#ifndef WD_PROVIDER_CIPHER_FUNCTIONS_HPP_
#define WD_PROVIDER_CIPHER_FUNCTIONS_HPP_

#include <openssl/core_dispatch.h>

#include "dispatch.hpp"

namespace wd::provider {

template <auto kNew, auto kFree, auto kDup, auto kEncryptInit, auto kDecryptInit, auto kUpdate,
          auto kFinal, auto kCipher, auto kGet, auto kSet>
inline const OSSL_DISPATCH kCipherFunctions[] = {
    {OSSL_FUNC_CIPHER_NEWCTX, reinterpret_cast<AnyFunction>(kNew)},
    {OSSL_FUNC_CIPHER_FREECTX, reinterpret_cast<AnyFunction>(kFree)},
    {OSSL_FUNC_CIPHER_DUPCTX, reinterpret_cast<AnyFunction>(kDup)},
    {OSSL_FUNC_CIPHER_ENCRYPT_INIT, reinterpret_cast<AnyFunction>(kEncryptInit)},
    {OSSL_FUNC_CIPHER_DECRYPT_INIT, reinterpret_cast<AnyFunction>(kDecryptInit)},
    {OSSL_FUNC_CIPHER_UPDATE, reinterpret_cast<AnyFunction>(kUpdate)},
    {OSSL_FUNC_CIPHER_FINAL, reinterpret_cast<AnyFunction>(kFinal)},
    {OSSL_FUNC_CIPHER_CIPHER, reinterpret_cast<AnyFunction>(kCipher)},
    {OSSL_FUNC_CIPHER_GET_CTX_PARAMS, reinterpret_cast<AnyFunction>(kGet)},
    {OSSL_FUNC_CIPHER_SET_CTX_PARAMS, reinterpret_cast<AnyFunction>(kSet)},
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_CIPHER_FUNCTIONS_HPP_
