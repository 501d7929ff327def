// One AES-GCM context: what EVP_CIPHER_CTX holds of it.
//
// What a caller sees is what OpenSSL's default provider does: the life of an IV, when parameters
// may be set and read, the TLS 1.2 record interface (EVP_EncryptInit(3), "AEAD interface", and
// provider-cipher(7)). Not thread-safe, as no context of EVP is.
#ifndef WD_PROVIDER_GCM_CONTEXT_HPP_
#define WD_PROVIDER_GCM_CONTEXT_HPP_

#include <cstddef>
#include <cstdint>

#include "instance.hpp"
#include "wd/crypto_engine.hpp"

namespace wd::provider {

class GcmContext {
 public:
  static constexpr std::size_t kMaxIvBytes = 128;
  static constexpr std::size_t kTagBytes = wd::CryptoEngine::kTagBytes;
  static constexpr std::size_t kTlsAadBytes = 13;
  static constexpr std::size_t kTlsExplicitIvBytes = 8;

  // Null without memory.
  [[nodiscard]] static GcmContext* create(const Instance& instance, std::size_t key_bytes) noexcept;
  [[nodiscard]] GcmContext* duplicate() const noexcept;
  static void destroy(GcmContext* context) noexcept;

  [[nodiscard]] bool set_key(const std::uint8_t* key, std::size_t bytes) noexcept;
  [[nodiscard]] bool set_iv(const std::uint8_t* iv, std::size_t bytes) noexcept;
  void set_direction(bool encrypting) noexcept { encrypting_ = encrypting; }

  // Text, or additional data if `out` is null. `in` and `out` are the same or do not overlap.
  [[nodiscard]] bool update(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;
  // Makes the tag, or compares it.
  [[nodiscard]] bool finish() noexcept;
  // A TLS 1.2 record in place: explicit IV, text, tag. `produced` is the length of what is left.
  [[nodiscard]] bool tls_record(std::uint8_t* out, std::size_t& produced, const std::uint8_t* in,
                                std::size_t bytes) noexcept;
  [[nodiscard]] bool expects_tls_record() const noexcept { return tls_aad_set_; }

  // Parameters, by name as in core_names.h.
  [[nodiscard]] bool set_iv_length(std::size_t bytes) noexcept;
  [[nodiscard]] bool set_tag(const void* tag, std::size_t bytes) noexcept;
  // The record's additional data; false if it is not that.
  [[nodiscard]] bool set_tls_aad(const void* aad, std::size_t bytes) noexcept;
  // The part of the IV that stays; SIZE_MAX bytes: all of it.
  [[nodiscard]] bool set_fixed_iv(const void* fixed, std::size_t bytes) noexcept;
  // The next IV of the sender (written to `out`) or of the receiver.
  [[nodiscard]] bool next_iv(void* out, std::size_t bytes) noexcept;
  [[nodiscard]] bool set_invocation(const void* in, std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t key_bytes() const noexcept { return key_bytes_; }
  [[nodiscard]] std::size_t iv_bytes() const noexcept { return iv_bytes_; }
  [[nodiscard]] std::size_t tag_bytes() const noexcept {
    return tag_bytes_ == kNoTag ? kTagBytes : tag_bytes_;
  }
  [[nodiscard]] std::size_t tls_aad_pad() const noexcept { return tls_aad_pad_; }
  [[nodiscard]] bool has_iv() const noexcept { return iv_state_ != IvState::none; }
  // Its address stays, for OSSL_PARAM pointers.
  [[nodiscard]] std::uint8_t* iv() noexcept { return iv_; }
  // The tag that was made; null while there is none.
  [[nodiscard]] const std::uint8_t* made_tag(std::size_t bytes) const noexcept {
    return encrypting_ && tag_bytes_ != kNoTag && bytes != 0 && bytes <= kTagBytes ? tag_ : nullptr;
  }
  [[nodiscard]] const Instance& instance() const noexcept { return *instance_; }

 private:
  static constexpr std::size_t kNoTag = SIZE_MAX;
  static constexpr std::size_t kMinInvocationBytes = 8;
  static constexpr std::size_t kMinFixedBytes = 4;
  static constexpr std::size_t kHeldAadBytes = 64;

  // An IV serves for one message.
  enum class IvState : std::uint8_t { none, set, taken, spent };
  // Of the message that the IV in `nonce_` belongs to.
  enum class Stage : std::uint8_t {
    gathering,  // additional data is held; the engine has not been called
    absorbing,  // it was too much to hold; the engine has been given some
    text,
  };

  GcmContext() noexcept = default;
  [[nodiscard]] static GcmContext* allocate(std::size_t key_space) noexcept;
  void take_iv() noexcept;
  [[nodiscard]] bool ready() noexcept;
  [[nodiscard]] bool generate_iv() noexcept;
  [[nodiscard]] bool add_aad(const std::uint8_t* aad, std::size_t bytes) noexcept;
  void begin_text() noexcept;
  [[nodiscard]] bool count_text(std::size_t bytes) noexcept;
  void crypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;
  [[nodiscard]] bool verify_tag() noexcept;
  [[nodiscard]] bool crypt_record(std::uint8_t* text, std::size_t bytes, bool& verified) noexcept;

  [[nodiscard]] std::uint8_t* key() noexcept { return key_; }

  const wd::AesGcmCalls* calls_ = nullptr;
  const Instance* instance_ = nullptr;
  // Where the allocation begins: this object is aligned within it.
  void* allocation_ = nullptr;
  std::size_t allocated_bytes_ = 0;
  // Behind this object.
  std::uint8_t* key_ = nullptr;
  std::size_t key_space_ = 0;

  std::size_t key_bytes_ = 0;
  std::size_t iv_bytes_ = 12;
  std::size_t nonce_bytes_ = 0;
  std::size_t tag_bytes_ = kNoTag;
  std::size_t tls_aad_pad_ = 0;
  std::size_t held_aad_bytes_ = 0;
  std::uint64_t aad_bytes_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::uint64_t tls_records_ = 0;
  IvState iv_state_ = IvState::none;
  Stage stage_ = Stage::gathering;
  bool encrypting_ = false;
  bool key_set_ = false;
  bool generates_iv_ = false;
  bool tls_aad_set_ = false;

  std::uint8_t tag_[kTagBytes] = {};
  std::uint8_t iv_[kMaxIvBytes] = {};
  std::uint8_t nonce_[kMaxIvBytes] = {};
  std::uint8_t held_aad_[kHeldAadBytes] = {};
  alignas(
      wd::CryptoEngine::kAlignment) std::uint8_t state_[wd::CryptoEngine::kMaxGcmStateBytes] = {};
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_GCM_CONTEXT_HPP_
