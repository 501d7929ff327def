// The waist of cryptography: what an engine that is a module of its own can do, as functions over
// the caller's memory. The module is opened once, by absolute path, beside our own library.
//
// Threading: everything but Batches may be used by any thread at any time, and after a fork.
// A Batch belongs to one thread at a time. Ownership: keys, states and jobs are the caller's
// memory, aligned as said; the caller wipes it. Errors: arguments are the caller's duty (sizes are
// checked where they enter, in the plugins); what computes cannot fail.
// The structs are the border to the module: `abi` grows with every change.
#ifndef WD_CRYPTO_ENGINE_HPP_
#define WD_CRYPTO_ENGINE_HPP_

#include <cstddef>
#include <cstdint>

#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

inline constexpr std::uint32_t kCryptoEngineAbi = 2;

// AES-GCM (NIST SP 800-38D) with one size of key.
struct AesGcmCalls {
  // `expanded` has gcm_key_bytes, `state` gcm_state_bytes; both aligned to kAlignment.
  void (*expand)(const void* key, void* expanded) noexcept;
  // Begins a message. `iv_bytes` >= 1; all additional data that is at hand.
  void (*start)(const void* expanded, void* state, const void* iv, std::size_t iv_bytes,
                const void* aad, std::size_t aad_bytes) noexcept;
  // More additional data, before any text: only after start() without any, and in multiples of 16
  // bytes but for the last piece.
  void (*add_aad)(const void* expanded, void* state, const void* aad,
                  std::size_t aad_bytes) noexcept;
  // Any number of bytes, any number of times. `in` and `out` are the same or do not overlap.
  void (*encrypt)(const void* expanded, void* state, void* out, const void* in,
                  std::size_t bytes) noexcept;
  void (*decrypt)(const void* expanded, void* state, void* out, const void* in,
                  std::size_t bytes) noexcept;
  // The tag, 16 bytes, whichever direction it was. Comparing is the caller's.
  void (*finish)(const void* expanded, void* state, void* tag) noexcept;
};

enum class KeyedHash : std::uint8_t { sha1, sha224, sha256, sha384, sha512, count_ };

// One operation in a batch. Zero-initialised by the caller, who keeps it and all memory it points
// to until it is done.
struct BatchJob {
  enum class Kind : std::uint8_t { aes_cbc_encrypt, digest, hmac };
  enum class Status : std::uint8_t { pending, done, failed };

  Kind kind;
  Status status;
  KeyedHash hash;          // digest, hmac
  std::uint8_t key_bytes;  // aes_cbc_encrypt: 16, 24, 32
  // aes_cbc_encrypt: round keys as in AesKey, aligned to 16. hmac: what prepare_hmac() made.
  const void* key;
  const std::uint8_t* iv;  // aes_cbc_encrypt: 16 bytes
  const std::uint8_t* in;
  std::uint8_t* out;  // as many bytes as `in`; for digest and hmac the whole digest
  std::size_t bytes;  // 1 to kMaxBatchBytes; aes_cbc_encrypt: a multiple of 16
};

struct Batch;

struct BatchCalls {
  // Null without memory. About 200 KB and 50 to 120 microseconds.
  Batch* (*create)() noexcept;
  // Wipes it. Jobs that are still in it are dropped, not done.
  void (*destroy)(Batch* batch) noexcept;
  // Takes the job in; jobs that this completes, itself perhaps, get their status. How many those
  // are.
  int (*submit)(Batch* batch, BatchJob* job) noexcept;
  // Completes all that are in it. How many those were.
  int (*flush)(Batch* batch) noexcept;
  // `prepared`: kHmacKeyBytes, aligned to 16. A key of any length.
  void (*prepare_hmac)(KeyedHash hash, const void* key, std::size_t key_bytes,
                       void* prepared) noexcept;
};

struct CryptoEngine {
  static constexpr std::size_t kAlignment = 64;
  static constexpr std::size_t kTagBytes = 16;
  static constexpr std::size_t kHmacKeyBytes = 2 * 64;
  static constexpr std::size_t kMaxBatchBytes = 65520;
  // Buffers of callers are this large; a module that needs more is refused.
  static constexpr std::size_t kMaxGcmKeyBytes = 2048;
  static constexpr std::size_t kMaxGcmStateBytes = 256;

  std::uint32_t abi;
  const char* name;
  std::size_t gcm_key_bytes;
  std::size_t gcm_state_bytes;
  AesGcmCalls gcm128;
  AesGcmCalls gcm192;
  AesGcmCalls gcm256;
  BatchCalls batch;
};

// The engine for this CPU; null if there is none, because the CPU lacks the instructions that make
// it faster than OpenSSL, or because the module is not installed or not ours. The first call opens
// it, which reads files and maps memory: in a program that will enter a sandbox, before that. Later
// calls are a read of memory.
[[nodiscard]] WD_API const CryptoEngine* crypto_engine() noexcept;

WD_NAMESPACE_END

#endif  // WD_CRYPTO_ENGINE_HPP_
