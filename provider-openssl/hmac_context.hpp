// One HMAC context: what EVP_MAC_CTX holds of it.
//
// What a caller sees is what OpenSSL's default provider does: the hash that a parameter names
// counts from the next key on; without a key nothing can be begun; a key serves for any number of
// messages. Not thread-safe, as no context of EVP is.
#ifndef WD_PROVIDER_HMAC_CONTEXT_HPP_
#define WD_PROVIDER_HMAC_CONTEXT_HPP_

#include <cstddef>
#include <cstdint>

#include "batches.hpp"
#include "default_mac.hpp"
#include "hash_calls.hpp"
#include "held_message.hpp"
#include "instance.hpp"

namespace wd::provider {

class HmacContext {
 public:
  // Null without memory.
  [[nodiscard]] static HmacContext* create(const Instance& instance) noexcept;
  [[nodiscard]] HmacContext* duplicate() noexcept;
  static void destroy(HmacContext* context) noexcept;

  // For the next key. Null: none of ours, the name is default's to look up.
  void choose_hash(const HashCalls* hash) noexcept { chosen_ = hash; }
  [[nodiscard]] const HashCalls* chosen_hash() const noexcept { return chosen_; }
  // A key of any length, which may be 0.
  [[nodiscard]] bool set_key(const std::uint8_t* key, std::size_t bytes) noexcept;
  // The next message with the same key.
  [[nodiscard]] bool restart() noexcept;
  [[nodiscard]] bool update(const std::uint8_t* data, std::size_t bytes) noexcept;
  [[nodiscard]] bool finish(std::uint8_t* out, std::size_t& produced) noexcept;

  // Of the hash that the key was set with; 0 before there is a key.
  [[nodiscard]] std::size_t digest_bytes() const noexcept {
    return hash_ != nullptr ? hash_->digest_bytes : 0;
  }
  // Of the hash that is chosen for the next key.
  [[nodiscard]] std::size_t block_bytes() const noexcept {
    return chosen_ != nullptr ? chosen_->block_bytes : 0;
  }

  // From the next message on default's context does everything, with the key and the hash that were
  // set.
  [[nodiscard]] bool leave_to_default() noexcept;
  [[nodiscard]] const DefaultMac& standard() const noexcept { return standard_; }
  // The message under way, if there is one, is given up: the next is default's.
  void end_own_message() noexcept { own_message_ = false; }
  // Whether update() and finish() are default's.
  [[nodiscard]] bool is_default_message() const noexcept { return standard_ && !own_message_; }
  [[nodiscard]] const Instance& instance() const noexcept { return *instance_; }

 private:
  enum class Stage : std::uint8_t { fresh, held, hashed };

  HmacContext() noexcept = default;
  [[nodiscard]] bool keep_key(const std::uint8_t* key, std::size_t bytes) noexcept;
  [[nodiscard]] bool begin_states(const std::uint8_t* key, std::size_t bytes) noexcept;
  [[nodiscard]] bool hold(const std::uint8_t* data, std::size_t bytes) noexcept;
  [[nodiscard]] bool hash_held() noexcept;
  [[nodiscard]] bool run_in_batch(std::uint8_t* out) noexcept;

  // Of a message; after the first block of a message; after the first block of the outer hash.
  AnyHashState state_ = {};
  AnyHashState inner_ = {};
  AnyHashState outer_ = {};
  alignas(16) std::uint8_t prepared_[wd::CryptoEngine::kHmacKeyBytes] = {};
  const HashCalls* chosen_ = nullptr;
  // The one that the key was set with.
  const HashCalls* hash_ = nullptr;
  const Instance* instance_ = nullptr;
  Batches::Operation* parked_ = nullptr;
  HeldMessage held_ = {};
  DefaultMac standard_;
  std::uint8_t* key_ = nullptr;
  std::size_t key_bytes_ = 0;
  Stage stage_ = Stage::fresh;
  bool is_prepared_ = false;
  // Default's context is there, and ours finishes the message that was under way.
  bool own_message_ = false;
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_HMAC_CONTEXT_HPP_
