// The context that default's implementation of a cipher would have: for what is rare enough to be
// left to it whole, such as TLS records in CBC mode, whose padding must be checked in constant
// time.
#ifndef WD_PROVIDER_DEFAULT_CIPHER_HPP_
#define WD_PROVIDER_DEFAULT_CIPHER_HPP_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include <cstddef>

#include "dispatch.hpp"
#include "instance.hpp"

namespace wd::provider {

class DefaultCipher {
 public:
  DefaultCipher() noexcept = default;

  [[nodiscard]] explicit operator bool() const noexcept { return context_ != nullptr; }

  // False without memory, or where default has no such row.
  [[nodiscard]] bool open(const Instance& instance, RowId row) noexcept {
    functions_ = instance.default_functions(row);
    if (functions_ == nullptr) return false;
    context_ =
        find<OSSL_FUNC_cipher_newctx_fn>(OSSL_FUNC_CIPHER_NEWCTX)(instance.standard().context());
    return context_ != nullptr;
  }
  void close() noexcept {
    if (context_ != nullptr) find<OSSL_FUNC_cipher_freectx_fn>(OSSL_FUNC_CIPHER_FREECTX)(context_);
    context_ = nullptr;
  }
  // A copy of `*this`'s context in `to`.
  [[nodiscard]] bool duplicate(DefaultCipher& to) const noexcept {
    to = *this;
    auto* copy = find<OSSL_FUNC_cipher_dupctx_fn>(OSSL_FUNC_CIPHER_DUPCTX);
    to.context_ = copy != nullptr ? copy(context_) : nullptr;
    return to.context_ != nullptr;
  }

  [[nodiscard]] int init(bool encrypting, const unsigned char* key, std::size_t key_bytes,
                         const unsigned char* iv, std::size_t iv_bytes,
                         const OSSL_PARAM* params) const noexcept {
    // Both have one type.
    return find<OSSL_FUNC_cipher_encrypt_init_fn>(encrypting ? OSSL_FUNC_CIPHER_ENCRYPT_INIT
                                                             : OSSL_FUNC_CIPHER_DECRYPT_INIT)(
        context_, key, key_bytes, iv, iv_bytes, params);
  }
  [[nodiscard]] int update(unsigned char* out, std::size_t* produced, std::size_t room,
                           const unsigned char* in, std::size_t bytes) const noexcept {
    return find<OSSL_FUNC_cipher_update_fn>(OSSL_FUNC_CIPHER_UPDATE)(context_, out, produced, room,
                                                                     in, bytes);
  }
  [[nodiscard]] int final(unsigned char* out, std::size_t* produced,
                          std::size_t room) const noexcept {
    return find<OSSL_FUNC_cipher_final_fn>(OSSL_FUNC_CIPHER_FINAL)(context_, out, produced, room);
  }
  [[nodiscard]] int cipher(unsigned char* out, std::size_t* produced, std::size_t room,
                           const unsigned char* in, std::size_t bytes) const noexcept {
    return find<OSSL_FUNC_cipher_cipher_fn>(OSSL_FUNC_CIPHER_CIPHER)(context_, out, produced, room,
                                                                     in, bytes);
  }
  [[nodiscard]] int get_params(OSSL_PARAM* params) const noexcept {
    return find<OSSL_FUNC_cipher_get_ctx_params_fn>(OSSL_FUNC_CIPHER_GET_CTX_PARAMS)(context_,
                                                                                     params);
  }
  [[nodiscard]] int set_params(const OSSL_PARAM* params) const noexcept {
    return find<OSSL_FUNC_cipher_set_ctx_params_fn>(OSSL_FUNC_CIPHER_SET_CTX_PARAMS)(context_,
                                                                                     params);
  }

 private:
  template <class Function>
  [[nodiscard]] Function* find(int id) const noexcept {
    Function* found = nullptr;
    find_function(functions_, id, &found);
    return found;
  }

  const OSSL_DISPATCH* functions_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_DEFAULT_CIPHER_HPP_
