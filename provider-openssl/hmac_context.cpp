#include "hmac_context.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <cstring>
#include <new>

namespace wd::provider {

namespace {

constexpr std::size_t kMaxBlockBytes = SHA512_CBLOCK;
constexpr std::size_t kMaxDigestBytes = SHA512_DIGEST_LENGTH;
constexpr std::size_t kMaxNameBytes = 16;

// One of the hash's names.
void copy_name(const HashCalls& hash, char (&name)[kMaxNameBytes]) noexcept {
  std::size_t length = 0;
  while (hash.names[length] != ':') ++length;
  std::memcpy(name, hash.names, length);
  name[length] = '\0';
}

}  // namespace

HmacContext* HmacContext::create(const Instance& instance) noexcept {
  void* memory = OPENSSL_malloc(sizeof(HmacContext));
  if (memory == nullptr) return nullptr;
  auto* context = ::new (memory) HmacContext;
  context->instance_ = &instance;
  return context;
}

HmacContext* HmacContext::duplicate() noexcept {
  // One copy of a message is enough.
  if (stage_ == Stage::held && !hash_held()) return nullptr;
  void* memory = OPENSSL_malloc(sizeof(HmacContext));
  if (memory == nullptr) return nullptr;
  auto* copy = ::new (memory) HmacContext(*this);
  copy->parked_ = nullptr;
  copy->key_ = nullptr;
  copy->standard_ = {};
  if ((key_ != nullptr && !copy->keep_key(key_, key_bytes_)) ||
      (standard_ && !standard_.duplicate(copy->standard_))) {
    destroy(copy);
    return nullptr;
  }
  return copy;
}

void HmacContext::destroy(HmacContext* context) noexcept {
  if (context == nullptr) return;
  // Its job was abandoned while it was paused.
  if (context->parked_ != nullptr) context->parked_->abandon();
  if (context->held_.memory != nullptr) context->held_.release();
  context->standard_.close();
  OPENSSL_clear_free(context->key_, context->key_bytes_);
  OPENSSL_clear_free(context, sizeof(HmacContext));
}

bool HmacContext::keep_key(const std::uint8_t* key, std::size_t bytes) noexcept {
  auto* copy = static_cast<std::uint8_t*>(OPENSSL_malloc(bytes != 0 ? bytes : 1));
  if (copy == nullptr) return false;
  if (bytes != 0) std::memcpy(copy, key, bytes);
  OPENSSL_clear_free(key_, key_bytes_);
  key_ = copy;
  key_bytes_ = bytes;
  return true;
}

bool HmacContext::begin_states(const std::uint8_t* key, std::size_t bytes) noexcept {
  constexpr std::uint8_t kInnerPad = 0x36;
  constexpr std::uint8_t kOuterPad = 0x5c;
  std::uint8_t block[kMaxBlockBytes] = {};
  bool done = true;
  if (bytes > hash_->block_bytes)
    done = hash_->init(&state_) != 0 && hash_->update(&state_, key, bytes) != 0 &&
           hash_->final(block, &state_) != 0;
  else if (bytes != 0)
    std::memcpy(block, key, bytes);
  for (std::uint8_t& byte : block) byte ^= kInnerPad;
  done = done && hash_->init(&inner_) != 0 && hash_->update(&inner_, block, hash_->block_bytes);
  for (std::uint8_t& byte : block) byte ^= kInnerPad ^ kOuterPad;
  done = done && hash_->init(&outer_) != 0 && hash_->update(&outer_, block, hash_->block_bytes);
  OPENSSL_cleanse(block, sizeof(block));
  return done;
}

bool HmacContext::set_key(const std::uint8_t* key, std::size_t bytes) noexcept {
  if (!keep_key(key, bytes)) return false;
  is_prepared_ = false;
  // Without a new hash, the one that was used last.
  if (chosen_ != nullptr) hash_ = chosen_;
  return hash_ != nullptr && begin_states(key, bytes) && restart();
}

bool HmacContext::restart() noexcept {
  if (hash_ == nullptr) return false;
  if (held_.memory != nullptr) held_.release();
  state_ = inner_;
  stage_ = Stage::fresh;
  return true;
}

bool HmacContext::hash_held() noexcept {
  stage_ = Stage::hashed;
  if (held_.memory == nullptr) return true;
  const bool done = hash_->update(&state_, held_.memory, held_.bytes) != 0;
  held_.release();
  return done;
}

// Whether this piece shall be held until the message is whole, and is.
bool HmacContext::hold(const std::uint8_t* data, std::size_t bytes) noexcept {
  const wd::CryptoConfig& config = instance_->settings().crypto;
  if (stage_ == Stage::fresh) {
    if (!Batches::may_take(config, hash_->hmac_lane, bytes)) return false;
    if (!Batches::wants(*instance_->engine(), hash_->hmac_lane, bytes)) {
      instance_->context().count_fallback(wd::Algorithm::hmac, wd::Engine::libcrypto,
                                          wd::FallbackReason::shallow);
      return false;
    }
  } else if (bytes > wd::CryptoEngine::kMaxBatchBytes - held_.bytes) {
    return false;
  }
  if (!held_.append(data, bytes)) return false;
  stage_ = Stage::held;
  return true;
}

bool HmacContext::update(const std::uint8_t* data, std::size_t bytes) noexcept {
  if (hash_ == nullptr) return false;
  if (bytes == 0) return true;
  if (stage_ != Stage::hashed) {
    if (hold(data, bytes)) return true;
    if (!hash_held()) return false;
  }
  return hash_->update(&state_, data, bytes) != 0;
}

bool HmacContext::run_in_batch(std::uint8_t* out) noexcept {
  const wd::CryptoEngine& engine = *instance_->engine();
  if (!is_prepared_) {
    engine.batch.prepare_hmac(hash_->hash, key_, key_bytes_, prepared_);
    is_prepared_ = true;
  }
  Batches::Operation operation;
  operation.job.kind = wd::BatchJob::Kind::hmac;
  operation.job.hash = hash_->hash;
  operation.job.key = prepared_;
  operation.job.in = held_.memory;
  operation.job.bytes = held_.bytes;
  operation.job.out = out;
  if (!Batches::run(engine, instance_->settings().crypto, hash_->hmac_lane, operation, parked_))
    return false;
  instance_->context().count(wd::Algorithm::hmac, wd::Engine::ipsec_mb, held_.bytes,
                             hash_->digest_bytes);
  held_.release();
  stage_ = Stage::hashed;
  return true;
}

bool HmacContext::finish(std::uint8_t* out, std::size_t& produced) noexcept {
  if (hash_ == nullptr) return false;
  produced = hash_->digest_bytes;
  if (stage_ == Stage::held && Batches::in_job() && run_in_batch(out)) return true;
  if (stage_ == Stage::held && !hash_held()) return false;
  std::uint8_t inner[kMaxDigestBytes];
  if (hash_->final(inner, &state_) == 0) return false;
  state_ = outer_;
  const bool done =
      hash_->update(&state_, inner, hash_->digest_bytes) != 0 && hash_->final(out, &state_) != 0;
  OPENSSL_cleanse(inner, sizeof(inner));
  return done;
}

// The key goes with the hash that it was set with; the one that is chosen since counts from the
// next key on.
bool HmacContext::leave_to_default() noexcept {
  if (standard_) return true;
  if (!standard_.open(*instance_, RowId::hmac)) return false;
  const auto with = [](const HashCalls& hash, auto&& call) {
    char name[kMaxNameBytes];
    copy_name(hash, name);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    return call(params) != 0;
  };
  if (key_ != nullptr && hash_ != nullptr) {
    if (!with(*hash_, [this](const OSSL_PARAM* params) {
          return standard_.init(key_, key_bytes_, params);
        }))
      return false;
    own_message_ = true;
  }
  if (chosen_ == nullptr || chosen_ == hash_) return true;
  return with(*chosen_, [this](const OSSL_PARAM* params) { return standard_.set_params(params); });
}

}  // namespace wd::provider
