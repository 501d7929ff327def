#include "aes_cbc.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>

#include "cbc_context.hpp"
#include "cipher_functions.hpp"
#include "params.hpp"

namespace wd::provider {

namespace {

constexpr std::size_t kBlockBytes = CbcContext::kBlockBytes;

CbcContext& from(void* context) noexcept {
  return *static_cast<CbcContext*>(context);
}

template <RowId kRow, Lane kLane, unsigned kBits>
void* newctx(void* provctx) noexcept {
  return CbcContext::create(*Instance::of(provctx), kRow, kLane, kBits / 8);
}

void freectx(void* context) noexcept {
  CbcContext::destroy(static_cast<CbcContext*>(context));
}

void* dupctx(void* context) noexcept {
  return context != nullptr ? from(context).duplicate() : nullptr;
}

bool refuse(const CbcContext& context, Reason reason, const char* where) noexcept {
  context.instance().errors().raise(reason, where);
  return false;
}

// What makes default's context take over.
bool is_for_records(const OSSL_PARAM& param) noexcept {
  return is(param, OSSL_CIPHER_PARAM_TLS_VERSION) || is(param, OSSL_CIPHER_PARAM_TLS_MAC_SIZE);
}

bool set_one(CbcContext& context, const OSSL_PARAM& param) noexcept {
  unsigned value = 0;
  if (is(param, OSSL_CIPHER_PARAM_PADDING)) {
    if (OSSL_PARAM_get_uint(&param, &value) == 0)
      return refuse(context, Reason::cannot_get_parameter, __func__);
    context.set_padding(value != 0);
  } else if (is(param, OSSL_CIPHER_PARAM_NUM)) {
    if (OSSL_PARAM_get_uint(&param, &value) == 0)
      return refuse(context, Reason::cannot_get_parameter, __func__);
    if (value >= kBlockBytes) return refuse(context, Reason::cannot_get_parameter, __func__);
    context.set_number(value);
  } else if (is(param, OSSL_CIPHER_PARAM_USE_BITS)) {
    return OSSL_PARAM_get_uint(&param, &value) != 0 ||
           refuse(context, Reason::cannot_get_parameter, __func__);
  }
  return true;
}

int set_ctx_params(void* vcontext, const OSSL_PARAM params[]) noexcept {
  CbcContext& context = from(vcontext);
  if (!for_each_param(params, [](const OSSL_PARAM& param) { return !is_for_records(param); }) &&
      !context.leave_to_default())
    return 0;
  if (context.standard()) return context.standard().set_params(params);
  return for_each_param(params, [&](const OSSL_PARAM& param) { return set_one(context, param); });
}

bool answer_one(const CbcContext& context, OSSL_PARAM& param) noexcept {
  if (is(param, OSSL_CIPHER_PARAM_IVLEN)) return answer_size(param, kBlockBytes);
  if (is(param, OSSL_CIPHER_PARAM_KEYLEN)) return answer_size(param, context.key_bytes());
  if (is(param, OSSL_CIPHER_PARAM_IV))
    return answer_octets(param, context.original_iv(), kBlockBytes);
  if (is(param, OSSL_CIPHER_PARAM_UPDATED_IV))
    return answer_octets(param, context.iv(), kBlockBytes);
  if (is(param, OSSL_CIPHER_PARAM_NUM)) return OSSL_PARAM_set_uint(&param, context.number());
  if (is(param, OSSL_CIPHER_PARAM_PADDING)) return OSSL_PARAM_set_uint(&param, context.padding());
  if (is(param, OSSL_CIPHER_PARAM_TLS_MAC))
    // There is none before a record has been decrypted.
    return OSSL_PARAM_set_octet_ptr(&param, nullptr, 0);
  return true;
}

int get_ctx_params(void* vcontext, OSSL_PARAM params[]) noexcept {
  const CbcContext& context = from(vcontext);
  if (context.standard()) return context.standard().get_params(params);
  return for_each_param(params, [&](OSSL_PARAM& param) {
    return answer_one(context, param) ||
           refuse(context, Reason::cannot_set_parameter, "get_ctx_params");
  });
}

template <bool kEncrypting>
int init(void* vcontext, const unsigned char* key, std::size_t key_bytes, const unsigned char* iv,
         std::size_t iv_bytes, const OSSL_PARAM params[]) noexcept {
  CbcContext& context = from(vcontext);
  if (context.standard())
    return context.standard().init(kEncrypting, key, key_bytes, iv, iv_bytes, params);
  if (!context.init(kEncrypting, key, key_bytes, iv, iv_bytes)) return 0;
  return set_ctx_params(vcontext, params);
}

int update(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  CbcContext& context = from(vcontext);
  if (context.standard()) [[unlikely]]
    return context.standard().update(out, produced, room, in, bytes);
  return context.update(out, *produced, room, in, bytes);
}

int end(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room) noexcept {
  CbcContext& context = from(vcontext);
  if (context.standard()) return context.standard().final(out, produced, room);
  return context.finish(out, *produced, room);
}

int cipher(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  CbcContext& context = from(vcontext);
  if (bytes % kBlockBytes != 0 && !context.leave_to_default()) return 0;
  if (context.standard()) return context.standard().cipher(out, produced, room, in, bytes);
  return context.whole(out, *produced, room, in, bytes);
}

template <RowId kRow, Lane kLane, unsigned kBits>
constexpr auto& kFunctions =
    kCipherFunctions<newctx<kRow, kLane, kBits>, freectx, dupctx, init<true>, init<false>, update,
                     end, cipher, get_ctx_params, set_ctx_params>;

}  // namespace

std::span<const OSSL_DISPATCH> aes_cbc_functions(unsigned bits) noexcept {
  if (bits == 128) return kFunctions<RowId::aes_128_cbc, Lane::aes_128_cbc, 128>;
  if (bits == 192) return kFunctions<RowId::aes_192_cbc, Lane::aes_192_cbc, 192>;
  return kFunctions<RowId::aes_256_cbc, Lane::aes_256_cbc, 256>;
}

}  // namespace wd::provider
