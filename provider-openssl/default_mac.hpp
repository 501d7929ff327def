// The context that default's implementation of a MAC would have: for what is not accelerated.
#ifndef WD_PROVIDER_DEFAULT_MAC_HPP_
#define WD_PROVIDER_DEFAULT_MAC_HPP_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include <cstddef>

#include "dispatch.hpp"
#include "instance.hpp"

namespace wd::provider {

class DefaultMac {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return context_ != nullptr; }

  // False without memory, or where default has no such row.
  [[nodiscard]] bool open(const Instance& instance, RowId row) noexcept {
    functions_ = instance.default_functions(row);
    if (functions_ == nullptr) return false;
    context_ = find<OSSL_FUNC_mac_newctx_fn>(OSSL_FUNC_MAC_NEWCTX)(instance.standard().context());
    return context_ != nullptr;
  }
  void close() noexcept {
    if (context_ != nullptr) find<OSSL_FUNC_mac_freectx_fn>(OSSL_FUNC_MAC_FREECTX)(context_);
    context_ = nullptr;
  }
  // A copy of `*this`'s context in `to`.
  [[nodiscard]] bool duplicate(DefaultMac& to) const noexcept {
    to = *this;
    to.context_ = find<OSSL_FUNC_mac_dupctx_fn>(OSSL_FUNC_MAC_DUPCTX)(context_);
    return to.context_ != nullptr;
  }

  [[nodiscard]] int init(const unsigned char* key, std::size_t key_bytes,
                         const OSSL_PARAM* params) const noexcept {
    return find<OSSL_FUNC_mac_init_fn>(OSSL_FUNC_MAC_INIT)(context_, key, key_bytes, params);
  }
  [[nodiscard]] int update(const unsigned char* data, std::size_t bytes) const noexcept {
    return find<OSSL_FUNC_mac_update_fn>(OSSL_FUNC_MAC_UPDATE)(context_, data, bytes);
  }
  [[nodiscard]] int final(unsigned char* out, std::size_t* produced,
                          std::size_t room) const noexcept {
    return find<OSSL_FUNC_mac_final_fn>(OSSL_FUNC_MAC_FINAL)(context_, out, produced, room);
  }
  [[nodiscard]] int get_params(OSSL_PARAM* params) const noexcept {
    return find<OSSL_FUNC_mac_get_ctx_params_fn>(OSSL_FUNC_MAC_GET_CTX_PARAMS)(context_, params);
  }
  [[nodiscard]] int set_params(const OSSL_PARAM* params) const noexcept {
    return find<OSSL_FUNC_mac_set_ctx_params_fn>(OSSL_FUNC_MAC_SET_CTX_PARAMS)(context_, params);
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

#endif  // WD_PROVIDER_DEFAULT_MAC_HPP_
