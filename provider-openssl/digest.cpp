#include "digest.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <new>

#include "dispatch.hpp"
#include "hash_state.hpp"
#include "held_message.hpp"
#include "instance.hpp"
#include "params.hpp"

namespace wd::provider {

namespace {

// What a message has come to.
enum class Stage : std::uint8_t {
  fresh,   // nothing has come yet
  held,    // all that came is held
  hashed,  // it went into the state as it came
};

template <class Hash>
struct DigestContext {
  typename Hash::State state;
  const Instance* instance;
  HeldMessage held;
  Batches::Operation* parked;
  Stage stage;
};

template <class Hash>
DigestContext<Hash>& from(void* context) noexcept {
  return *static_cast<DigestContext<Hash>*>(context);
}

template <class Hash>
void* newctx(void* provctx) noexcept {
  void* memory = OPENSSL_malloc(sizeof(DigestContext<Hash>));
  if (memory == nullptr) return nullptr;
  // The state is left as it is: init() fills it.
  auto* context = ::new (memory) DigestContext<Hash>;
  context->instance = Instance::of(provctx);
  context->held = {};
  context->parked = nullptr;
  context->stage = Stage::fresh;
  return context;
}

template <class Hash>
void freectx(void* vcontext) noexcept {
  if (vcontext == nullptr) return;
  DigestContext<Hash>& context = from<Hash>(vcontext);
  // Its job was abandoned while it was paused.
  if (context.parked != nullptr) context.parked->abandon();
  if (context.held.memory != nullptr) context.held.release();
  OPENSSL_clear_free(vcontext, sizeof(DigestContext<Hash>));
}

template <class Hash>
bool hash_held(DigestContext<Hash>& context) noexcept {
  context.stage = Stage::hashed;
  if (context.held.memory == nullptr) return true;
  const bool done = Hash::update(&context.state, context.held.memory, context.held.bytes) != 0;
  context.held.release();
  return done;
}

template <class Hash>
void* dupctx(void* vcontext) noexcept {
  if (vcontext == nullptr) return nullptr;
  DigestContext<Hash>& context = from<Hash>(vcontext);
  // One copy of the message is enough.
  if (context.stage == Stage::held && !hash_held(context)) return nullptr;
  auto* copy =
      static_cast<DigestContext<Hash>*>(OPENSSL_memdup(vcontext, sizeof(DigestContext<Hash>)));
  // What waits in a batch is the original's.
  if (copy != nullptr) copy->parked = nullptr;
  return copy;
}

// SSL 3.0's own use of SHA-1 (RFC 6101, section 5.6.8): what was hashed so far, the master secret
// and a pad are hashed, and that once more.
template <class Hash>
bool ssl3_master_secret(DigestContext<Hash>& context, const OSSL_PARAM& param) noexcept {
  constexpr std::size_t kSecretBytes = 48;
  constexpr std::size_t kPadBytes = 40;
  if (param.data_type != OSSL_PARAM_OCTET_STRING || param.data == nullptr ||
      param.data_size != kSecretBytes || !hash_held(context))
    return false;
  std::uint8_t pad[kPadBytes];
  std::uint8_t inner[Hash::kDigestBytes];
  std::memset(pad, 0x36, sizeof(pad));
  bool done = Hash::update(&context.state, param.data, kSecretBytes) != 0 &&
              Hash::update(&context.state, pad, kPadBytes) != 0 &&
              Hash::final(inner, &context.state) != 0;
  std::memset(pad, 0x5c, sizeof(pad));
  done = done && Hash::init(&context.state) != 0 &&
         Hash::update(&context.state, param.data, kSecretBytes) != 0 &&
         Hash::update(&context.state, pad, kPadBytes) != 0 &&
         Hash::update(&context.state, inner, sizeof(inner)) != 0;
  OPENSSL_cleanse(inner, sizeof(inner));
  return done;
}

// Only SHA-1 has a parameter; the tables of the others have no such function.
template <class Hash>
int set_ctx_params(void* vcontext, const OSSL_PARAM params[]) noexcept {
  return for_each_param(params, [&](const OSSL_PARAM& param) {
    return !is(param, OSSL_DIGEST_PARAM_SSL3_MS) || ssl3_master_secret(from<Hash>(vcontext), param);
  });
}

template <class Hash>
int init(void* vcontext, const OSSL_PARAM params[]) noexcept {
  DigestContext<Hash>& context = from<Hash>(vcontext);
  if (context.held.memory != nullptr) context.held.release();
  context.stage = Stage::fresh;
  if (Hash::init(&context.state) == 0) return 0;
  if constexpr (Hash::kHash == wd::KeyedHash::sha1)
    return set_ctx_params<Hash>(vcontext, params);
  else
    return 1;
}

// Whether this piece shall be held, and is.
template <class Hash>
bool hold(DigestContext<Hash>& context, const unsigned char* data, std::size_t bytes) noexcept {
  const wd::CryptoConfig& config = context.instance->settings().crypto;
  if (context.stage == Stage::fresh) {
    if (!Batches::may_take(config, Hash::kLane, bytes)) return false;
    if (!Batches::wants(*context.instance->engine(), Hash::kLane, bytes)) {
      context.instance->context().count_fallback(Hash::kAlgorithm, wd::Engine::libcrypto,
                                                 wd::FallbackReason::shallow);
      return false;
    }
  } else if (bytes > wd::CryptoEngine::kMaxBatchBytes - context.held.bytes) {
    return false;
  }
  if (!context.held.append(data, bytes)) return false;
  context.stage = Stage::held;
  return true;
}

template <class Hash>
int update(void* vcontext, const unsigned char* data, std::size_t bytes) noexcept {
  DigestContext<Hash>& context = from<Hash>(vcontext);
  if (context.stage != Stage::hashed) {
    if (bytes == 0) return 1;
    if (hold(context, data, bytes)) return 1;
    if (!hash_held(context)) return 0;
  }
  return Hash::update(&context.state, data, bytes);
}

template <class Hash>
bool run_in_batch(DigestContext<Hash>& context, unsigned char* digest) noexcept {
  Batches::Operation operation;
  operation.job.kind = wd::BatchJob::Kind::digest;
  operation.job.hash = Hash::kHash;
  operation.job.in = context.held.memory;
  operation.job.bytes = context.held.bytes;
  operation.job.out = digest;
  const Instance& instance = *context.instance;
  if (!Batches::run(*instance.engine(), instance.settings().crypto, Hash::kLane, operation,
                    context.parked))
    return false;
  instance.context().count(Hash::kAlgorithm, wd::Engine::ipsec_mb, context.held.bytes,
                           Hash::kDigestBytes);
  return true;
}

template <class Hash>
int end(void* vcontext, unsigned char* digest, std::size_t* produced, std::size_t room) noexcept {
  DigestContext<Hash>& context = from<Hash>(vcontext);
  if (room < Hash::kDigestBytes) return 0;
  *produced = Hash::kDigestBytes;
  if (context.stage == Stage::held && Batches::in_job() && run_in_batch(context, digest)) {
    context.held.release();
    context.stage = Stage::hashed;
    return 1;
  }
  if (context.stage == Stage::held && !hash_held(context)) return 0;
  return Hash::final(digest, &context.state);
}

template <class Hash>
const OSSL_DISPATCH kFunctions[] = {
    {OSSL_FUNC_DIGEST_NEWCTX, reinterpret_cast<AnyFunction>(newctx<Hash>)},
    {OSSL_FUNC_DIGEST_FREECTX, reinterpret_cast<AnyFunction>(freectx<Hash>)},
    {OSSL_FUNC_DIGEST_DUPCTX, reinterpret_cast<AnyFunction>(dupctx<Hash>)},
    {OSSL_FUNC_DIGEST_INIT, reinterpret_cast<AnyFunction>(init<Hash>)},
    {OSSL_FUNC_DIGEST_UPDATE, reinterpret_cast<AnyFunction>(update<Hash>)},
    {OSSL_FUNC_DIGEST_FINAL, reinterpret_cast<AnyFunction>(end<Hash>)},
    {OSSL_FUNC_DIGEST_SET_CTX_PARAMS, reinterpret_cast<AnyFunction>(set_ctx_params<Hash>)},
};

}  // namespace

std::span<const OSSL_DISPATCH> digest_functions(unsigned bits) noexcept {
  switch (bits) {
    case 160:
      return kFunctions<Sha1>;
    case 224:
      return kFunctions<Sha224>;
    case 256:
      return kFunctions<Sha256>;
    case 384:
      return kFunctions<Sha384>;
    default:
      return kFunctions<Sha512>;
  }
}

}  // namespace wd::provider
