#include "aes_ctr.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include <cstring>
#include <new>

#include "cipher_functions.hpp"
#include "dispatch.hpp"
#include "instance.hpp"
#include "params.hpp"
#include "wd/aes.hpp"

namespace wd::provider {

namespace {

constexpr std::size_t kIvBytes = wd::AesKey::kBlockBytes;

struct CtrContext {
  wd::AesKey key;
  wd::AesCtrState state;
  std::uint8_t original_iv[kIvBytes];
  const Instance* instance;
  std::size_t key_bytes;
  // TLS never uses counter mode, but default's ciphers take these all the same: of what is
  // decrypted the last bytes are a MAC.
  std::uint8_t* tls_mac;
  std::size_t tls_mac_bytes;
  unsigned tls_version;
  bool key_set;
  bool encrypting;
  bool padding;
};

CtrContext& from(void* context) noexcept {
  return *static_cast<CtrContext*>(context);
}

bool refuse(const CtrContext& context, Reason reason, const char* where) noexcept {
  context.instance->errors().raise(reason, where);
  return false;
}

template <unsigned kBits>
void* newctx(void* provctx) noexcept {
  auto* context = static_cast<CtrContext*>(OPENSSL_zalloc(sizeof(CtrContext)));
  if (context == nullptr) return nullptr;
  context->instance = Instance::of(provctx);
  context->key_bytes = kBits / 8;
  context->padding = true;
  return context;
}

void freectx(void* context) noexcept {
  OPENSSL_clear_free(context, sizeof(CtrContext));
}

void* dupctx(void* context) noexcept {
  return context != nullptr ? OPENSSL_memdup(context, sizeof(CtrContext)) : nullptr;
}

bool get_unsigned(const CtrContext& context, const OSSL_PARAM& param, unsigned& value) noexcept {
  return OSSL_PARAM_get_uint(&param, &value) != 0 ||
         refuse(context, Reason::cannot_get_parameter, __func__);
}

bool set_one(CtrContext& context, const OSSL_PARAM& param) noexcept {
  unsigned value = 0;
  if (is(param, OSSL_CIPHER_PARAM_NUM)) {
    if (!get_unsigned(context, param, value)) return false;
    // Default has it below the size of a block, which in this mode is 1.
    if (value != 0) return refuse(context, Reason::cannot_get_parameter, __func__);
    context.state.used = 0;
  } else if (is(param, OSSL_CIPHER_PARAM_PADDING)) {
    if (!get_unsigned(context, param, value)) return false;
    context.padding = value != 0;
  } else if (is(param, OSSL_CIPHER_PARAM_USE_BITS)) {
    // Lengths in bits are for CFB1.
    return get_unsigned(context, param, value);
  } else if (is(param, OSSL_CIPHER_PARAM_TLS_VERSION)) {
    return get_unsigned(context, param, context.tls_version);
  } else if (is(param, OSSL_CIPHER_PARAM_TLS_MAC_SIZE)) {
    return OSSL_PARAM_get_size_t(&param, &context.tls_mac_bytes) != 0 ||
           refuse(context, Reason::cannot_get_parameter, __func__);
  }
  return true;
}

int set_ctx_params(void* context, const OSSL_PARAM params[]) noexcept {
  return for_each_param(params,
                        [&](const OSSL_PARAM& param) { return set_one(from(context), param); });
}

bool answer_known(const CtrContext& context, OSSL_PARAM& param) noexcept {
  if (is(param, OSSL_CIPHER_PARAM_IVLEN)) return answer_size(param, kIvBytes);
  if (is(param, OSSL_CIPHER_PARAM_KEYLEN)) return answer_size(param, context.key_bytes);
  if (is(param, OSSL_CIPHER_PARAM_IV)) return answer_octets(param, context.original_iv, kIvBytes);
  if (is(param, OSSL_CIPHER_PARAM_UPDATED_IV))
    return answer_octets(param, context.state.counter, kIvBytes);
  if (is(param, OSSL_CIPHER_PARAM_NUM)) return OSSL_PARAM_set_uint(&param, context.state.used);
  if (is(param, OSSL_CIPHER_PARAM_PADDING)) return OSSL_PARAM_set_uint(&param, context.padding);
  if (is(param, OSSL_CIPHER_PARAM_TLS_MAC))
    return OSSL_PARAM_set_octet_ptr(&param, context.tls_mac, context.tls_mac_bytes);
  return true;
}

int get_ctx_params(void* context, OSSL_PARAM params[]) noexcept {
  return for_each_param(params, [&](OSSL_PARAM& param) {
    return answer_known(from(context), param) ||
           refuse(from(context), Reason::cannot_set_parameter, "get_ctx_params");
  });
}

template <bool kEncrypting>
int init(void* vcontext, const unsigned char* key, std::size_t key_bytes, const unsigned char* iv,
         std::size_t iv_bytes, const OSSL_PARAM params[]) noexcept {
  CtrContext& context = from(vcontext);
  context.state.used = 0;
  context.encrypting = kEncrypting;
  if (iv != nullptr) {
    if (iv_bytes != kIvBytes) return refuse(context, Reason::invalid_iv_length, __func__);
    std::memcpy(context.original_iv, iv, kIvBytes);
    std::memcpy(context.state.counter, iv, kIvBytes);
  }
  if (key != nullptr) {
    if (key_bytes != context.key_bytes)
      return refuse(context, Reason::invalid_key_length, __func__);
    wd::aes_expand_key(key, key_bytes, context.key);
    context.key_set = true;
  }
  return set_ctx_params(vcontext, params);
}

bool crypt(CtrContext& context, unsigned char* out, std::size_t room, const unsigned char* in,
           std::size_t bytes) noexcept {
  if (!context.key_set) return refuse(context, Reason::no_key_set, __func__);
  if (room < bytes) return refuse(context, Reason::output_buffer_too_small, __func__);
  wd::aes_ctr_update(context.key, context.state, in, out, bytes);
  context.instance->context().count(wd::Algorithm::aes_ctr, wd::Engine::vaes, bytes, bytes);
  return true;
}

int update(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  CtrContext& context = from(vcontext);
  *produced = 0;
  if (bytes == 0 && context.key_set) return 1;
  if (!crypt(context, out, room, in, bytes)) return 0;
  *produced = bytes;
  if (context.tls_version == 0 || context.encrypting || context.tls_mac_bytes == 0) return 1;
  if (bytes < context.tls_mac_bytes) return 0;
  *produced -= context.tls_mac_bytes;
  context.tls_mac = out + *produced;
  return 1;
}

int end(void* vcontext, unsigned char*, std::size_t* produced, std::size_t) noexcept {
  if (!from(vcontext).key_set) return refuse(from(vcontext), Reason::no_key_set, __func__);
  *produced = 0;
  return 1;
}

int cipher(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  if (!crypt(from(vcontext), out, room, in, bytes)) return 0;
  *produced = bytes;
  return 1;
}

template <unsigned kBits>
constexpr auto& kFunctions =
    kCipherFunctions<newctx<kBits>, freectx, dupctx, init<true>, init<false>, update, end, cipher,
                     get_ctx_params, set_ctx_params>;

}  // namespace

std::span<const OSSL_DISPATCH> aes_ctr_functions(unsigned bits) noexcept {
  if (bits == 128) return kFunctions<128>;
  return bits == 192 ? std::span(kFunctions<192>) : std::span(kFunctions<256>);
}

}  // namespace wd::provider
