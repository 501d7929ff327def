#include "hmac.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>

#include "hmac_context.hpp"
#include "params.hpp"

namespace wd::provider {

namespace {

HmacContext& from(void* context) noexcept {
  return *static_cast<HmacContext*>(context);
}

void* newctx(void* provctx) noexcept {
  return HmacContext::create(*Instance::of(provctx));
}

void freectx(void* context) noexcept {
  HmacContext::destroy(static_cast<HmacContext*>(context));
}

void* dupctx(void* context) noexcept {
  return context != nullptr ? from(context).duplicate() : nullptr;
}

// Whether a parameter makes default's context take over: other hashes, a choice among providers,
// flags, records of TLS.
bool is_for_default(const OSSL_PARAM& param) noexcept {
  if (is(param, OSSL_MAC_PARAM_DIGEST))
    return param.data_type != OSSL_PARAM_UTF8_STRING || param.data == nullptr ||
           find_hash(static_cast<const char*>(param.data)) == nullptr;
  return is(param, OSSL_MAC_PARAM_PROPERTIES) || is(param, OSSL_MAC_PARAM_DIGEST_NOINIT) ||
         is(param, OSSL_MAC_PARAM_DIGEST_ONESHOT) || is(param, OSSL_MAC_PARAM_TLS_DATA_SIZE);
}

// The hash counts for a key in the same list, wherever in it they stand.
bool set_own(HmacContext& context, const OSSL_PARAM params[]) noexcept {
  const OSSL_PARAM* key = nullptr;
  for (const OSSL_PARAM* param = params; param != nullptr && param->key != nullptr; ++param) {
    if (is(*param, OSSL_MAC_PARAM_DIGEST))
      context.choose_hash(find_hash(static_cast<const char*>(param->data)));
    else if (key == nullptr && is(*param, OSSL_MAC_PARAM_KEY))
      key = param;
  }
  if (key == nullptr) return true;
  return key->data_type == OSSL_PARAM_OCTET_STRING &&
         context.set_key(static_cast<const std::uint8_t*>(key->data), key->data_size);
}

int set_ctx_params(void* vcontext, const OSSL_PARAM params[]) noexcept {
  HmacContext& context = from(vcontext);
  if (!for_each_param(params, [](const OSSL_PARAM& param) { return !is_for_default(param); }) &&
      !context.leave_to_default())
    return 0;
  if (context.standard()) {
    // A key begins a message, records are another way to compute one.
    if (!for_each_param(params, [](const OSSL_PARAM& param) {
          return !is(param, OSSL_MAC_PARAM_KEY) && !is(param, OSSL_MAC_PARAM_TLS_DATA_SIZE);
        }))
      context.end_own_message();
    return context.standard().set_params(params);
  }
  return set_own(context, params);
}

int get_ctx_params(void* vcontext, OSSL_PARAM params[]) noexcept {
  const HmacContext& context = from(vcontext);
  if (context.standard()) return context.standard().get_params(params);
  return for_each_param(params, [&](OSSL_PARAM& param) {
    if (is(param, OSSL_MAC_PARAM_SIZE)) {
      // Answered all the same, as by default.
      if (context.digest_bytes() == 0)
        context.instance().errors().raise(Reason::no_digest_set, "get_ctx_params");
      return answer_size(param, context.digest_bytes());
    }
    if (is(param, OSSL_MAC_PARAM_BLOCK_SIZE)) return answer_size(param, context.block_bytes());
    return true;
  });
}

int init(void* vcontext, const unsigned char* key, std::size_t key_bytes,
         const OSSL_PARAM params[]) noexcept {
  HmacContext& context = from(vcontext);
  if (!context.standard() && set_ctx_params(vcontext, params) == 0) return 0;
  // set_ctx_params() may just have made default's take over.
  if (context.standard()) {
    // What cannot begin leaves the message that is under way.
    if (context.standard().init(key, key_bytes, params) == 0) return 0;
    context.end_own_message();
    return 1;
  }
  return key != nullptr ? context.set_key(key, key_bytes) : context.restart();
}

int update(void* vcontext, const unsigned char* data, std::size_t bytes) noexcept {
  HmacContext& context = from(vcontext);
  if (context.is_default_message()) [[unlikely]]
    return context.standard().update(data, bytes);
  return context.update(data, bytes);
}

// `room` is not looked at, as default does not: EVP_MAC_final() has.
int end(void* vcontext, unsigned char* out, std::size_t* produced, std::size_t room) noexcept {
  HmacContext& context = from(vcontext);
  if (context.is_default_message()) return context.standard().final(out, produced, room);
  return context.finish(out, *produced);
}

// Lists of parameters stay default's: they need no context.
const OSSL_DISPATCH kFunctions[] = {
    {OSSL_FUNC_MAC_NEWCTX, reinterpret_cast<AnyFunction>(newctx)},
    {OSSL_FUNC_MAC_FREECTX, reinterpret_cast<AnyFunction>(freectx)},
    {OSSL_FUNC_MAC_DUPCTX, reinterpret_cast<AnyFunction>(dupctx)},
    {OSSL_FUNC_MAC_INIT, reinterpret_cast<AnyFunction>(init)},
    {OSSL_FUNC_MAC_UPDATE, reinterpret_cast<AnyFunction>(update)},
    {OSSL_FUNC_MAC_FINAL, reinterpret_cast<AnyFunction>(end)},
    {OSSL_FUNC_MAC_GET_CTX_PARAMS, reinterpret_cast<AnyFunction>(get_ctx_params)},
    {OSSL_FUNC_MAC_SET_CTX_PARAMS, reinterpret_cast<AnyFunction>(set_ctx_params)},
};

}  // namespace

std::span<const OSSL_DISPATCH> hmac_functions(unsigned) noexcept {
  return kFunctions;
}

}  // namespace wd::provider
