// OpenSSL's objects, freed when they are no longer needed.
#ifndef WD_BENCH_CRYPTO_HANDLES_HPP_
#define WD_BENCH_CRYPTO_HANDLES_HPP_

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace wd::bench {

template <auto kFree>
struct Freed {
  void operator()(auto* object) const { kFree(object); }
};

template <class Object, auto kFree>
using Handle = std::unique_ptr<Object, Freed<kFree>>;

using LibraryContext = Handle<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using Provider = Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload>;
using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Digest = Handle<EVP_MD, EVP_MD_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Mac = Handle<EVP_MAC, EVP_MAC_free>;
using MacContext = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using Kdf = Handle<EVP_KDF, EVP_KDF_free>;
using KdfContext = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Certificate = Handle<X509, X509_free>;
using TlsContext = Handle<SSL_CTX, SSL_CTX_free>;
using Tls = Handle<SSL, SSL_free>;

}  // namespace wd::bench

#endif  // WD_BENCH_CRYPTO_HANDLES_HPP_
