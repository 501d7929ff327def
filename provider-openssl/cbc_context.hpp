// One AES-CBC context: what EVP_CIPHER_CTX holds of it.
//
// What a caller sees is what OpenSSL's default provider does: which block is held back, padding,
// how keys and IVs may be set (EVP_EncryptInit(3)). TLS records and lengths that are no multiple of
// a block are default's, in a context of its own. Not thread-safe, as no context of EVP is.
#ifndef WD_PROVIDER_CBC_CONTEXT_HPP_
#define WD_PROVIDER_CBC_CONTEXT_HPP_

#include <cstddef>
#include <cstdint>

#include "batches.hpp"
#include "default_cipher.hpp"
#include "instance.hpp"
#include "wd/aes.hpp"

namespace wd::provider {

class CbcContext {
 public:
  static constexpr std::size_t kBlockBytes = wd::AesKey::kBlockBytes;

  // Null without memory.
  [[nodiscard]] static CbcContext* create(const Instance& instance, RowId row, Lane lane,
                                          std::size_t key_bytes) noexcept;
  [[nodiscard]] CbcContext* duplicate() noexcept;
  static void destroy(CbcContext* context) noexcept;

  [[nodiscard]] bool init(bool encrypting, const std::uint8_t* key, std::size_t key_bytes,
                          const std::uint8_t* iv, std::size_t iv_bytes) noexcept;
  [[nodiscard]] bool update(std::uint8_t* out, std::size_t& produced, std::size_t room,
                            const std::uint8_t* in, std::size_t bytes) noexcept;
  [[nodiscard]] bool finish(std::uint8_t* out, std::size_t& produced, std::size_t room) noexcept;
  // Whole blocks in, whole blocks out, nothing held or padded.
  [[nodiscard]] bool whole(std::uint8_t* out, std::size_t& produced, std::size_t room,
                           const std::uint8_t* in, std::size_t bytes) noexcept;

  // From here on default's context does everything.
  [[nodiscard]] bool leave_to_default() noexcept;
  [[nodiscard]] const DefaultCipher& standard() const noexcept { return standard_; }

  [[nodiscard]] const Instance& instance() const noexcept { return *instance_; }
  [[nodiscard]] bool encrypting() const noexcept { return encrypting_; }
  [[nodiscard]] std::size_t key_bytes() const noexcept { return key_bytes_; }
  [[nodiscard]] bool padding() const noexcept { return padding_; }
  void set_padding(bool padding) noexcept { padding_ = padding; }
  // A number that other modes need; here it is kept and told.
  [[nodiscard]] unsigned number() const noexcept { return number_; }
  void set_number(unsigned number) noexcept { number_ = number; }
  [[nodiscard]] const std::uint8_t* original_iv() const noexcept { return original_iv_; }
  [[nodiscard]] const std::uint8_t* iv() const noexcept { return iv_; }

 private:
  CbcContext() noexcept = default;
  [[nodiscard]] bool refuse(Reason reason, const char* where) const noexcept;
  void set_key(const std::uint8_t* key) noexcept;
  // Whole blocks.
  void crypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;
  void encrypt(std::uint8_t* out, const std::uint8_t* in, std::size_t bytes) noexcept;
  [[nodiscard]] bool encrypt_in_batch(std::uint8_t* out, const std::uint8_t* in,
                                      std::size_t bytes) noexcept;
  void hold(const std::uint8_t*& in, std::size_t& bytes) noexcept;
  [[nodiscard]] bool finish_encryption(std::uint8_t* out, std::size_t& produced,
                                       std::size_t room) noexcept;
  [[nodiscard]] bool finish_decryption(std::uint8_t* out, std::size_t& produced,
                                       std::size_t room) noexcept;

  wd::AesKey key_ = {};
  wd::AesDecryptionKey inverted_ = {};
  std::uint8_t raw_key_[32] = {};
  std::uint8_t iv_[kBlockBytes] = {};
  std::uint8_t original_iv_[kBlockBytes] = {};
  // The block that is not complete, or that may turn out to be the last one.
  std::uint8_t held_[kBlockBytes] = {};
  std::size_t held_bytes_ = 0;
  std::size_t key_bytes_ = 0;
  const Instance* instance_ = nullptr;
  Batches::Operation* parked_ = nullptr;
  DefaultCipher standard_;
  unsigned number_ = 0;
  RowId row_ = RowId::count_;
  Lane lane_ = Lane::count_;
  bool encrypting_ = false;
  bool padding_ = true;
  bool key_set_ = false;
  bool inverted_set_ = false;
  bool iv_set_ = false;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_CBC_CONTEXT_HPP_
