#include "cbc_context.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <cstring>
#include <new>

namespace wd::provider {

namespace {

constexpr std::size_t kBlockBytes = CbcContext::kBlockBytes;
// Of one job in a batch, in whole blocks.
constexpr std::size_t kMaxPieceBytes = wd::CryptoEngine::kMaxBatchBytes;
static_assert(kMaxPieceBytes % kBlockBytes == 0);

}  // namespace

CbcContext* CbcContext::create(const Instance& instance, RowId row, Lane lane,
                               std::size_t key_bytes) noexcept {
  void* memory = OPENSSL_malloc(sizeof(CbcContext));
  if (memory == nullptr) return nullptr;
  auto* context = ::new (memory) CbcContext;
  context->instance_ = &instance;
  context->row_ = row;
  context->lane_ = lane;
  context->key_bytes_ = key_bytes;
  return context;
}

CbcContext* CbcContext::duplicate() noexcept {
  void* memory = OPENSSL_malloc(sizeof(CbcContext));
  if (memory == nullptr) return nullptr;
  auto* copy = ::new (memory) CbcContext(*this);
  copy->parked_ = nullptr;
  if (standard_ && !standard_.duplicate(copy->standard_)) {
    destroy(copy);
    return nullptr;
  }
  return copy;
}

void CbcContext::destroy(CbcContext* context) noexcept {
  if (context == nullptr) return;
  // Its job was abandoned while it was paused.
  if (context->parked_ != nullptr) context->parked_->abandon();
  context->standard_.close();
  OPENSSL_clear_free(context, sizeof(CbcContext));
}

bool CbcContext::refuse(Reason reason, const char* where) const noexcept {
  instance_->errors().raise(reason, where);
  return false;
}

void CbcContext::set_key(const std::uint8_t* key) noexcept {
  wd::aes_expand_key(key, key_bytes_, key_);
  std::memcpy(raw_key_, key, key_bytes_);
  key_set_ = true;
  inverted_set_ = false;
}

bool CbcContext::init(bool encrypting, const std::uint8_t* key, std::size_t key_bytes,
                      const std::uint8_t* iv, std::size_t iv_bytes) noexcept {
  held_bytes_ = 0;
  number_ = 0;
  encrypting_ = encrypting;
  if (iv != nullptr) {
    if (iv_bytes != kBlockBytes) return refuse(Reason::invalid_iv_length, __func__);
    std::memcpy(original_iv_, iv, kBlockBytes);
    iv_set_ = true;
  }
  // Without a new one a message begins with the IV that was set last.
  if (iv_set_) std::memcpy(iv_, original_iv_, kBlockBytes);
  if (key != nullptr) {
    if (key_bytes != key_bytes_) return refuse(Reason::invalid_key_length, __func__);
    set_key(key);
  }
  if (!encrypting_ && key_set_ && !inverted_set_) {
    wd::aes_invert_key(key_, inverted_);
    inverted_set_ = true;
  }
  return true;
}

bool CbcContext::encrypt_in_batch(std::uint8_t* out, const std::uint8_t* in,
                                  std::size_t bytes) noexcept {
  const wd::CryptoConfig& config = instance_->settings().crypto;
  const wd::CryptoEngine* engine = instance_->engine();
  if (engine == nullptr || !Batches::may_take(config, lane_, bytes)) return false;
  if (!Batches::wants(*engine, lane_, bytes)) {
    instance_->context().count_fallback(wd::Algorithm::aes_cbc, wd::Engine::vaes,
                                        wd::FallbackReason::shallow);
    return false;
  }
  Batches::Operation operation;
  operation.job.kind = wd::BatchJob::Kind::aes_cbc_encrypt;
  operation.job.key = key_.round_keys;
  operation.job.key_bytes = static_cast<std::uint8_t>(key_bytes_);
  operation.job.iv = iv_;
  operation.job.in = in;
  operation.job.out = out;
  operation.job.bytes = bytes;
  if (!Batches::run(*engine, config, lane_, operation, parked_)) return false;
  std::memcpy(iv_, out + bytes - kBlockBytes, kBlockBytes);
  instance_->context().count(wd::Algorithm::aes_cbc, wd::Engine::ipsec_mb, bytes, bytes);
  return true;
}

void CbcContext::encrypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  while (bytes != 0) {
    const std::size_t piece = bytes < kMaxPieceBytes ? bytes : kMaxPieceBytes;
    if (!encrypt_in_batch(out, in, piece)) {
      wd::aes_cbc_encrypt(key_, iv_, in, out, piece);
      instance_->context().count(wd::Algorithm::aes_cbc, wd::Engine::vaes, piece, piece);
    }
    in += piece;
    out += piece;
    bytes -= piece;
  }
}

void CbcContext::crypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept {
  if (encrypting_) {
    encrypt(out, in, bytes);
    return;
  }
  wd::aes_cbc_decrypt(inverted_, iv_, in, out, bytes);
  instance_->context().count(wd::Algorithm::aes_cbc, wd::Engine::vaes, bytes, bytes);
}

// As much as completes the block that is held.
void CbcContext::hold(const std::uint8_t*& in, std::size_t& bytes) noexcept {
  const std::size_t missing = kBlockBytes - held_bytes_;
  const std::size_t taken = bytes < missing ? bytes : missing;
  if (taken == kBlockBytes)
    // Inline: in decryption every update ends so.
    std::memcpy(held_, in, kBlockBytes);
  else
    std::memcpy(held_ + held_bytes_, in, taken);
  held_bytes_ += taken;
  in += taken;
  bytes -= taken;
}

bool CbcContext::update(std::uint8_t* out, std::size_t& produced, std::size_t room,
                        const std::uint8_t* in, std::size_t bytes) noexcept {
  produced = 0;
  if (!key_set_) return refuse(Reason::no_key_set, __func__);
  // The last block of a decryption is held back: its padding is taken off in the end.
  const bool holds_last = !encrypting_ && padding_;
  if (bytes != 0 && held_bytes_ != 0 && held_bytes_ != kBlockBytes) hold(in, bytes);
  if (held_bytes_ == kBlockBytes && (bytes != 0 || !holds_last)) {
    if (room < kBlockBytes) return refuse(Reason::output_buffer_too_small, __func__);
    crypt(out, held_, kBlockBytes);
    held_bytes_ = 0;
    produced = kBlockBytes;
    out += kBlockBytes;
  }
  std::size_t whole = bytes - bytes % kBlockBytes;
  if (holds_last && whole == bytes && whole != 0) whole -= kBlockBytes;
  if (whole != 0) {
    if (room - produced < whole) return refuse(Reason::output_buffer_too_small, __func__);
    crypt(out, in, whole);
    produced += whole;
    in += whole;
    bytes -= whole;
  }
  if (bytes != 0) hold(in, bytes);
  return true;
}

bool CbcContext::finish_encryption(std::uint8_t* out, std::size_t& produced,
                                   std::size_t room) noexcept {
  if (padding_) {
    const std::size_t pad = kBlockBytes - held_bytes_;
    std::memset(held_ + held_bytes_, static_cast<int>(pad), pad);
  } else if (held_bytes_ == 0) {
    return true;
  } else if (held_bytes_ != kBlockBytes) {
    return refuse(Reason::wrong_final_block_length, __func__);
  }
  if (room < kBlockBytes) return refuse(Reason::output_buffer_too_small, __func__);
  crypt(out, held_, kBlockBytes);
  held_bytes_ = 0;
  produced = kBlockBytes;
  return true;
}

bool CbcContext::finish_decryption(std::uint8_t* out, std::size_t& produced,
                                   std::size_t room) noexcept {
  if (held_bytes_ != kBlockBytes)
    return (held_bytes_ == 0 && !padding_) || refuse(Reason::wrong_final_block_length, __func__);
  crypt(held_, held_, kBlockBytes);
  std::size_t text = kBlockBytes;
  if (padding_) {
    // RFC 5652, section 6.3. Not in constant time, as nobody can use it here who has not the tag of
    // another mode: records of TLS go another way.
    const std::size_t pad = held_[kBlockBytes - 1];
    if (pad == 0 || pad > kBlockBytes) return refuse(Reason::bad_decrypt, __func__);
    text -= pad;
    for (std::size_t i = text; i < kBlockBytes; ++i)
      if (held_[i] != pad) return refuse(Reason::bad_decrypt, __func__);
  }
  if (room < text) return refuse(Reason::output_buffer_too_small, __func__);
  std::memcpy(out, held_, text);
  produced = text;
  held_bytes_ = 0;
  return true;
}

bool CbcContext::finish(std::uint8_t* out, std::size_t& produced, std::size_t room) noexcept {
  produced = 0;
  if (!key_set_) return refuse(Reason::no_key_set, __func__);
  return encrypting_ ? finish_encryption(out, produced, room)
                     : finish_decryption(out, produced, room);
}

bool CbcContext::whole(std::uint8_t* out, std::size_t& produced, std::size_t room,
                       const std::uint8_t* in, std::size_t bytes) noexcept {
  if (!key_set_) return refuse(Reason::no_key_set, __func__);
  if (room < bytes) return refuse(Reason::output_buffer_too_small, __func__);
  crypt(out, in, bytes);
  produced = bytes;
  return true;
}

bool CbcContext::leave_to_default() noexcept {
  if (standard_) return true;
  if (!standard_.open(*instance_, row_)) return false;
  const unsigned padding = padding_ ? 1 : 0;
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_uint(OSSL_CIPHER_PARAM_PADDING, const_cast<unsigned*>(&padding)),
      OSSL_PARAM_construct_end()};
  return standard_.init(encrypting_, key_set_ ? raw_key_ : nullptr, key_set_ ? key_bytes_ : 0,
                        iv_set_ ? iv_ : nullptr, iv_set_ ? kBlockBytes : 0, params) != 0;
}

}  // namespace wd::provider
