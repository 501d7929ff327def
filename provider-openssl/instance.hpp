// One loaded provider: `wd` in one library context of the application.
//
// Its provider context, what OpenSSL hands to every function as `provctx`, is default's own: the
// functions that are passed through get what they expect. Ours find the Instance by it.
// Threads: an Instance does not change between load and unload.
#ifndef WD_PROVIDER_INSTANCE_HPP_
#define WD_PROVIDER_INSTANCE_HPP_

#include <openssl/core.h>

#include <atomic>
#include <cstddef>

#include "algorithm_tables.hpp"
#include "default_provider.hpp"
#include "errors.hpp"
#include "own_rows.hpp"
#include "settings.hpp"
#include "wd/context.hpp"
#include "wd/crypto_engine.hpp"

namespace wd::provider {

class Instance {
 public:
  // Null with an error on the queue. On success `*context` is what OpenSSL shall hand back.
  [[nodiscard]] static Instance* load(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core,
                                      void** context) noexcept;
  // The provider is unloaded: OpenSSL has freed everything that was made of it.
  static void unload(void* context) noexcept;

  // Of a provider context that OpenSSL handed us. Never null between load and unload.
  [[nodiscard]] static Instance* of(void* context) noexcept;

  [[nodiscard]] const DefaultProvider& standard() const noexcept { return standard_; }
  [[nodiscard]] const AlgorithmTables& tables() const noexcept { return tables_; }
  [[nodiscard]] const Errors& errors() const noexcept { return errors_; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  // Null where this CPU has none, or all that it would serve is switched off.
  [[nodiscard]] const wd::CryptoEngine* engine() const noexcept { return engine_; }
  // What default has for the algorithm of one of our rows (own_rows.hpp).
  [[nodiscard]] const OSSL_DISPATCH* default_functions(RowId row) const noexcept {
    return default_functions_[static_cast<std::size_t>(row)];
  }
  [[nodiscard]] const wd::Context& context() const noexcept { return *context_; }
  [[nodiscard]] bool healthy() const noexcept { return healthy_.load(std::memory_order_relaxed); }

  // Runs the known answers of what is accelerated, then default's own test. False, and unhealthy
  // from then on, if one fails.
  [[nodiscard]] bool self_test() noexcept;

 private:
  Instance() noexcept = default;
  ~Instance() noexcept = default;
  [[nodiscard]] bool start(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core) noexcept;
  [[nodiscard]] static Instance* create() noexcept;
  static void destroy(Instance* instance) noexcept;

  wd::Context* context_ = nullptr;
  const wd::CryptoEngine* engine_ = nullptr;
  const OSSL_DISPATCH* default_functions_[kMaxOwnRows] = {};
  Errors errors_;
  Settings settings_;
  DefaultProvider standard_;
  AlgorithmTables tables_;
  std::atomic<bool> healthy_{true};
};

}  // namespace wd::provider

#endif  // WD_PROVIDER_INSTANCE_HPP_
