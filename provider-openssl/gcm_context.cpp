#include "gcm_context.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstring>
#include <new>

namespace wd::provider {

namespace {

// NIST SP 800-38D, section 5.2.1.1.
constexpr std::uint64_t kMaxTextBytes = (std::uint64_t{1} << 36) - 32;
constexpr std::uint64_t kMaxAadBytes = std::uint64_t{1} << 61;

constexpr std::size_t kBlockBytes = 16;

const wd::AesGcmCalls& calls_for(const wd::CryptoEngine& engine, std::size_t key_bytes) noexcept {
  if (key_bytes == 16) return engine.gcm128;
  return key_bytes == 24 ? engine.gcm192 : engine.gcm256;
}

// The last 8 bytes as one big-endian number.
void count_up(std::uint8_t* last_eight) noexcept {
  for (int i = 7; i >= 0; --i)
    if (++last_eight[i] != 0) return;
}

}  // namespace

// One allocation: this object, then the expanded key, both aligned as the engine wants it.
GcmContext* GcmContext::allocate(std::size_t key_space) noexcept {
  constexpr std::size_t kAlignment = wd::CryptoEngine::kAlignment;
  static_assert(sizeof(GcmContext) % kAlignment == 0);
  const std::size_t bytes = sizeof(GcmContext) + key_space + kAlignment;
  auto* allocation = static_cast<std::uint8_t*>(OPENSSL_malloc(bytes));
  if (allocation == nullptr) return nullptr;
  std::uint8_t* aligned = allocation + (-reinterpret_cast<std::uintptr_t>(allocation)) % kAlignment;
  auto* context = ::new (static_cast<void*>(aligned)) GcmContext;
  context->allocation_ = allocation;
  context->allocated_bytes_ = bytes;
  context->key_ = aligned + sizeof(GcmContext);
  context->key_space_ = key_space;
  return context;
}

GcmContext* GcmContext::create(const Instance& instance, std::size_t key_bytes) noexcept {
  const wd::CryptoEngine& engine = *instance.engine();
  GcmContext* context = allocate(engine.gcm_key_bytes);
  if (context == nullptr) return nullptr;
  context->instance_ = &instance;
  context->calls_ = &calls_for(engine, key_bytes);
  context->key_bytes_ = key_bytes;
  return context;
}

GcmContext* GcmContext::duplicate() const noexcept {
  GcmContext* copy = allocate(key_space_);
  if (copy == nullptr) return nullptr;
  void* const allocation = copy->allocation_;
  std::uint8_t* const key = copy->key_;
  *copy = *this;
  copy->allocation_ = allocation;
  copy->key_ = key;
  if (key_set_) std::memcpy(copy->key_, key_, key_space_);
  return copy;
}

void GcmContext::destroy(GcmContext* context) noexcept {
  if (context != nullptr) OPENSSL_clear_free(context->allocation_, context->allocated_bytes_);
}

bool GcmContext::set_key(const std::uint8_t* key, std::size_t bytes) noexcept {
  if (bytes != key_bytes_) {
    instance_->errors().raise(Reason::invalid_key_length, __func__);
    return false;
  }
  calls_->expand(key, key_);
  key_set_ = true;
  tls_records_ = 0;
  // A message under way begins anew with this key.
  if (iv_state_ == IvState::taken) take_iv();
  return true;
}

bool GcmContext::set_iv(const std::uint8_t* iv, std::size_t bytes) noexcept {
  if (bytes == 0 || bytes > kMaxIvBytes) {
    instance_->errors().raise(Reason::invalid_iv_length, __func__);
    return false;
  }
  iv_bytes_ = bytes;
  std::memcpy(iv_, iv, bytes);
  iv_state_ = IvState::set;
  return true;
}

bool GcmContext::set_iv_length(std::size_t bytes) noexcept {
  if (bytes == 0 || bytes > kMaxIvBytes) return false;
  if (bytes == iv_bytes_) return true;
  // One that was set before is of another length and cannot be used.
  if (iv_state_ != IvState::none) iv_state_ = IvState::spent;
  iv_bytes_ = bytes;
  return true;
}

bool GcmContext::set_tag(const void* tag, std::size_t bytes) noexcept {
  if (bytes > kTagBytes) return false;
  // Also where it is refused, as default does.
  std::memcpy(tag_, tag, bytes);
  if (bytes == 0 || encrypting_) return false;
  tag_bytes_ = bytes;
  return true;
}

// The IV at hand becomes that of a message that begins.
void GcmContext::take_iv() noexcept {
  std::memcpy(nonce_, iv_, iv_bytes_);
  nonce_bytes_ = iv_bytes_;
  held_aad_bytes_ = 0;
  aad_bytes_ = 0;
  text_bytes_ = 0;
  stage_ = Stage::gathering;
  iv_state_ = IvState::taken;
}

bool GcmContext::generate_iv() noexcept {
  constexpr std::size_t kMinBytes = 12;
  if (iv_bytes_ < kMinBytes ||
      RAND_bytes_ex(instance_->standard().library(), iv_, iv_bytes_, 0) <= 0)
    return false;
  iv_state_ = IvState::set;
  return true;
}

// Whether there is a message that can go on.
bool GcmContext::ready() noexcept {
  if (!key_set_ || iv_state_ == IvState::spent) return false;
  // An encryption for which no IV was set gets a random one.
  if (iv_state_ == IvState::none && (!encrypting_ || !generate_iv())) return false;
  if (iv_state_ == IvState::set) take_iv();
  return true;
}

bool GcmContext::add_aad(const std::uint8_t* aad, std::size_t bytes) noexcept {
  if (stage_ == Stage::text || bytes > kMaxAadBytes - aad_bytes_) return false;
  aad_bytes_ += bytes;
  if (held_aad_bytes_ + bytes <= kHeldAadBytes) {
    std::memcpy(held_aad_ + held_aad_bytes_, aad, bytes);
    held_aad_bytes_ += bytes;
    return true;
  }
  if (stage_ == Stage::gathering) {
    calls_->start(key(), state_, nonce_, nonce_bytes_, nullptr, 0);
    stage_ = Stage::absorbing;
  }
  // What is held is made up to a multiple of the block's size, then whole blocks, then the rest is
  // held.
  const std::size_t to_border = -held_aad_bytes_ % kBlockBytes;
  std::memcpy(held_aad_ + held_aad_bytes_, aad, to_border);
  if (held_aad_bytes_ + to_border != 0)
    calls_->add_aad(key(), state_, held_aad_, held_aad_bytes_ + to_border);
  aad += to_border;
  bytes -= to_border;
  const std::size_t whole = bytes - bytes % kBlockBytes;
  if (whole != 0) calls_->add_aad(key(), state_, aad, whole);
  held_aad_bytes_ = bytes - whole;
  std::memcpy(held_aad_, aad + whole, held_aad_bytes_);
  return true;
}

void GcmContext::begin_text() noexcept {
  if (stage_ == Stage::gathering)
    calls_->start(key(), state_, nonce_, nonce_bytes_, held_aad_, held_aad_bytes_);
  else if (stage_ == Stage::absorbing && held_aad_bytes_ != 0)
    calls_->add_aad(key(), state_, held_aad_, held_aad_bytes_);
  stage_ = Stage::text;
}

bool GcmContext::count_text(std::size_t bytes) noexcept {
  if (bytes > kMaxTextBytes - text_bytes_) return false;
  text_bytes_ += bytes;
  return true;
}

void GcmContext::crypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  if (encrypting_)
    calls_->encrypt(key(), state_, out, in, bytes);
  else
    calls_->decrypt(key(), state_, out, in, bytes);
}

bool GcmContext::update(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  // In the midst of a message there is nothing to see to: updates may be of single bytes.
  const bool goes_on = stage_ == Stage::text && iv_state_ == IvState::taken && out != nullptr;
  if (!goes_on) {
    if (!ready()) return false;
    if (out == nullptr) return add_aad(in, bytes);
    // No text yet: what is authenticated may go on.
    if (bytes == 0) return true;
  }
  if (!count_text(bytes)) return false;
  if (!goes_on) begin_text();
  crypt(out, in, bytes);
  instance_->context().count(wd::Algorithm::aes_gcm, wd::Engine::ipsec_mb, bytes, bytes);
  return true;
}

bool GcmContext::finish() noexcept {
  if (!ready()) return false;
  if (!encrypting_) {
    if (!verify_tag()) return false;
  } else {
    begin_text();
    calls_->finish(key(), state_, tag_);
    tag_bytes_ = kTagBytes;
  }
  iv_state_ = IvState::spent;
  return true;
}

// After a wrong tag the message is where it was: it can go on, as with default.
bool GcmContext::verify_tag() noexcept {
  const std::size_t state_bytes = instance_->engine()->gcm_state_bytes;
  std::uint8_t before[wd::CryptoEngine::kMaxGcmStateBytes];
  const Stage stage = stage_;
  std::memcpy(before, state_, state_bytes);
  std::uint8_t computed[kTagBytes];
  begin_text();
  calls_->finish(key(), state_, computed);
  const bool right = tag_bytes_ <= kTagBytes && CRYPTO_memcmp(computed, tag_, tag_bytes_) == 0;
  if (!right) {
    std::memcpy(state_, before, state_bytes);
    stage_ = stage;
  }
  OPENSSL_cleanse(computed, sizeof(computed));
  OPENSSL_cleanse(before, state_bytes);
  return right;
}

bool GcmContext::set_tls_aad(const void* aad, std::size_t bytes) noexcept {
  if (bytes != kTlsAadBytes) return false;
  std::uint8_t record[kTlsAadBytes];
  std::memcpy(record, aad, kTlsAadBytes);
  // The record's length, at the end, is that of what is on the wire: the explicit IV is not
  // authenticated, nor the tag.
  std::size_t length = static_cast<std::size_t>(record[11]) << 8 | record[12];
  const std::size_t overhead = kTlsExplicitIvBytes + (encrypting_ ? 0 : kTagBytes);
  if (length < overhead) return false;
  length -= overhead;
  record[11] = static_cast<std::uint8_t>(length >> 8);
  record[12] = static_cast<std::uint8_t>(length);
  static_assert(kTlsAadBytes <= kHeldAadBytes);
  std::memcpy(tag_, record, kTlsAadBytes);
  tls_aad_set_ = true;
  tls_aad_pad_ = kTagBytes;
  return true;
}

bool GcmContext::set_fixed_iv(const void* fixed, std::size_t bytes) noexcept {
  if (bytes == SIZE_MAX) {
    std::memcpy(iv_, fixed, iv_bytes_);
  } else {
    if (bytes < kMinFixedBytes || bytes > iv_bytes_ || iv_bytes_ - bytes < kMinInvocationBytes)
      return false;
    std::memcpy(iv_, fixed, bytes);
    if (encrypting_ &&
        RAND_bytes_ex(instance_->standard().library(), iv_ + bytes, iv_bytes_ - bytes, 0) <= 0)
      return false;
  }
  generates_iv_ = true;
  iv_state_ = IvState::set;
  return true;
}

bool GcmContext::next_iv(void* out, std::size_t bytes) noexcept {
  // Shorter ones have no room for what is counted up.
  if (!generates_iv_ || !key_set_ || iv_bytes_ < kMinInvocationBytes) return false;
  take_iv();
  if (bytes == 0 || bytes > iv_bytes_) bytes = iv_bytes_;
  std::memcpy(out, iv_ + iv_bytes_ - bytes, bytes);
  count_up(iv_ + iv_bytes_ - kMinInvocationBytes);
  return true;
}

bool GcmContext::set_invocation(const void* in, std::size_t bytes) noexcept {
  if (!generates_iv_ || !key_set_ || encrypting_ || bytes > iv_bytes_) return false;
  std::memcpy(iv_ + iv_bytes_ - bytes, in, bytes);
  take_iv();
  return true;
}

bool GcmContext::crypt_record(std::uint8_t* text, std::size_t bytes, bool& verified) noexcept {
  calls_->start(key(), state_, nonce_, nonce_bytes_, tag_, kTlsAadBytes);
  crypt(text, text, bytes);
  std::uint8_t* const tag = text + bytes;
  if (encrypting_) {
    calls_->finish(key(), state_, tag);
    return true;
  }
  std::uint8_t computed[kTagBytes];
  calls_->finish(key(), state_, computed);
  verified = CRYPTO_memcmp(computed, tag, kTagBytes) == 0;
  return verified;
}

bool GcmContext::tls_record(std::uint8_t* out, std::size_t& produced, const std::uint8_t* in,
                            std::size_t bytes) noexcept {
  constexpr std::size_t kOverhead = kTlsExplicitIvBytes + kTagBytes;
  produced = 0;
  bool done = false;
  bool verified = true;
  // In place alone: the explicit IV comes first and the tag last.
  if (key_set_ && out == in && bytes >= kOverhead) {
    const std::size_t text_bytes = bytes - kOverhead;
    std::uint8_t* const text = out + kTlsExplicitIvBytes;
    if (encrypting_ && ++tls_records_ == 0)
      instance_->errors().raise(Reason::too_many_records, __func__);
    else if (encrypting_ ? next_iv(out, kTlsExplicitIvBytes)
                         : set_invocation(out, kTlsExplicitIvBytes))
      done = crypt_record(text, text_bytes, verified);
    if (!verified) OPENSSL_cleanse(text, text_bytes);
    if (done) {
      produced = encrypting_ ? bytes : text_bytes;
      instance_->context().count(wd::Algorithm::aes_gcm, wd::Engine::ipsec_mb, text_bytes,
                                 text_bytes);
    }
  }
  iv_state_ = IvState::spent;
  tls_aad_set_ = false;
  return done;
}

}  // namespace wd::provider
