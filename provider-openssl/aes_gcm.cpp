#include "aes_gcm.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>

#include "cipher_functions.hpp"
#include "dispatch.hpp"
#include "gcm_context.hpp"
#include "params.hpp"

namespace wd::provider {

namespace {

GcmContext* from(void* context) noexcept {
  return static_cast<GcmContext*>(context);
}

template <unsigned kBits>
void* newctx(void* provctx) noexcept {
  return GcmContext::create(*Instance::of(provctx), kBits / 8);
}

void freectx(void* context) noexcept {
  GcmContext::destroy(from(context));
}

void* dupctx(void* context) noexcept {
  return context != nullptr ? from(context)->duplicate() : nullptr;
}

bool refuse(const GcmContext& context, Reason reason, const char* where) noexcept {
  context.instance().errors().raise(reason, where);
  return false;
}

// Octets of a parameter, as OSSL_PARAM_get_octet_string() checks them.
bool octets(const OSSL_PARAM& param) noexcept {
  return param.data_type == OSSL_PARAM_OCTET_STRING && param.data != nullptr;
}

bool set_one(GcmContext& context, const OSSL_PARAM& param) noexcept {
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TAG)) {
    if (!octets(param) || param.data_size > GcmContext::kTagBytes)
      return refuse(context, Reason::cannot_get_parameter, __func__);
    return context.set_tag(param.data, param.data_size) ||
           refuse(context, Reason::invalid_tag, __func__);
  }
  if (is(param, OSSL_CIPHER_PARAM_AEAD_IVLEN)) {
    std::size_t bytes = 0;
    if (OSSL_PARAM_get_size_t(&param, &bytes) == 0)
      return refuse(context, Reason::cannot_get_parameter, __func__);
    return context.set_iv_length(bytes) || refuse(context, Reason::invalid_iv_length, __func__);
  }
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TLS1_AAD)) {
    if (!octets(param)) return refuse(context, Reason::cannot_get_parameter, __func__);
    return context.set_tls_aad(param.data, param.data_size) ||
           refuse(context, Reason::invalid_aad, __func__);
  }
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED)) {
    if (!octets(param)) return refuse(context, Reason::cannot_get_parameter, __func__);
    return context.set_fixed_iv(param.data, param.data_size) ||
           refuse(context, Reason::cannot_get_parameter, __func__);
  }
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TLS1_SET_IV_INV))
    return octets(param) && context.set_invocation(param.data, param.data_size);
  return true;
}

int set_ctx_params(void* context, const OSSL_PARAM params[]) noexcept {
  return for_each_param(params,
                        [&](const OSSL_PARAM& param) { return set_one(*from(context), param); });
}

bool answer_iv(GcmContext& context, OSSL_PARAM& param) noexcept {
  if (!context.has_iv()) return false;
  if (context.iv_bytes() > param.data_size)
    return refuse(context, Reason::invalid_iv_length, __func__);
  return answer_octets(param, context.iv(), context.iv_bytes()) ||
         refuse(context, Reason::cannot_set_parameter, __func__);
}

bool answer_tag(GcmContext& context, OSSL_PARAM& param) noexcept {
  const std::uint8_t* tag = context.made_tag(param.data_size);
  if (tag == nullptr) return refuse(context, Reason::invalid_tag, __func__);
  return OSSL_PARAM_set_octet_string(&param, tag, param.data_size) != 0 ||
         refuse(context, Reason::cannot_set_parameter, __func__);
}

bool answer_number(GcmContext& context, OSSL_PARAM& param, std::size_t value) noexcept {
  return answer_size(param, value) || refuse(context, Reason::cannot_set_parameter, __func__);
}

bool answer_one(GcmContext& context, OSSL_PARAM& param) noexcept {
  if (is(param, OSSL_CIPHER_PARAM_IVLEN)) return answer_number(context, param, context.iv_bytes());
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TAG)) return answer_tag(context, param);
  if (is(param, OSSL_CIPHER_PARAM_KEYLEN))
    return answer_number(context, param, context.key_bytes());
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TAGLEN))
    return answer_number(context, param, context.tag_bytes());
  if (is(param, OSSL_CIPHER_PARAM_IV) || is(param, OSSL_CIPHER_PARAM_UPDATED_IV))
    return answer_iv(context, param);
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TLS1_AAD_PAD))
    return answer_number(context, param, context.tls_aad_pad());
  if (is(param, OSSL_CIPHER_PARAM_AEAD_TLS1_GET_IV_GEN))
    return octets(param) && context.next_iv(param.data, param.data_size);
  return true;
}

int get_ctx_params(void* context, OSSL_PARAM params[]) noexcept {
  return for_each_param(params,
                        [&](OSSL_PARAM& param) { return answer_one(*from(context), param); });
}

template <bool kEncrypting>
int init(void* vcontext, const unsigned char* key, std::size_t key_bytes, const unsigned char* iv,
         std::size_t iv_bytes, const OSSL_PARAM params[]) noexcept {
  GcmContext* context = from(vcontext);
  context->set_direction(kEncrypting);
  if (iv != nullptr && !context->set_iv(iv, iv_bytes)) return 0;
  if (key != nullptr && !context->set_key(key, key_bytes)) return 0;
  return set_ctx_params(context, params);
}

// Text, additional data or a record; null `in` ends the message.
bool process(GcmContext& context, unsigned char* out, std::size_t* produced,
             const unsigned char* in, std::size_t bytes) noexcept {
  if (context.expects_tls_record()) [[unlikely]]
    return context.tls_record(out, *produced, in, bytes);
  *produced = 0;
  if (in == nullptr) return context.finish();
  if (!context.update(out, in, bytes)) return false;
  *produced = bytes;
  return true;
}

int update(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  GcmContext& context = *from(vcontext);
  if (bytes == 0) {
    *produced = 0;
    return 1;
  }
  if (room < bytes) return refuse(context, Reason::output_buffer_too_small, __func__);
  return process(context, out, produced, in, bytes) ||
         refuse(context, Reason::cipher_operation_failed, __func__);
}

int end(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t) noexcept {
  if (!process(*from(vcontext), out, produced, nullptr, 0)) return 0;
  *produced = 0;
  return 1;
}

int cipher(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room,
           const unsigned char* in, std::size_t bytes) noexcept {
  GcmContext& context = *from(vcontext);
  if (room < bytes) return refuse(context, Reason::output_buffer_too_small, __func__);
  if (!process(context, out, produced, in, bytes)) return 0;
  *produced = bytes;
  return 1;
}

template <unsigned kBits>
constexpr auto& kFunctions =
    kCipherFunctions<newctx<kBits>, freectx, dupctx, init<true>, init<false>, update, end, cipher,
                     get_ctx_params, set_ctx_params>;

}  // namespace

std::span<const OSSL_DISPATCH> aes_gcm_functions(unsigned bits) noexcept {
  if (bits == 128) return kFunctions<128>;
  return bits == 192 ? std::span(kFunctions<192>) : std::span(kFunctions<256>);
}

}  // namespace wd::provider
