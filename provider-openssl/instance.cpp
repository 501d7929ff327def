#include "instance.hpp"

#include <openssl/crypto.h>

#include <new>

#include "base/log.hpp"
#include "known_answers.hpp"
#include "own_rows.hpp"
#include "process.hpp"
#include "registry.hpp"

namespace wd::provider {

Instance* Instance::create() noexcept {
  void* memory = OPENSSL_zalloc(sizeof(Instance));
  return memory != nullptr ? ::new (memory) Instance : nullptr;
}

void Instance::destroy(Instance* instance) noexcept {
  if (instance == nullptr) return;
  instance->~Instance();
  OPENSSL_free(instance);
}

bool Instance::start(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core) noexcept {
  errors_.bind(handle, core);
  context_ = process_context();
  if (context_ == nullptr) return false;
  const char* complaint = nullptr;
  if (!settings_.read(handle, core, context_->config(), &complaint)) {
    errors_.raise(Reason::bad_configuration, __func__, complaint);
    // Where openssl.cnf activates the provider, libcrypto drops its errors.
    wd::log_line(context_->config(), wd::LogLevel::error, kPlugin, complaint);
    return false;
  }
  if (!standard_.load()) {
    errors_.raise(Reason::no_default_provider, __func__);
    return false;
  }
  // Now, while files may be read: the program may be about to enter a sandbox.
  engine_ = wd::crypto_engine();
  const KnownAnswers passed = check_known_answers(engine_);
  // What gives wrong answers is not offered: default serves.
  healthy_.store(passed.wide_aes && passed.engine, std::memory_order_relaxed);
  if (!passed.engine) engine_ = nullptr;
  const OwnRows own = choose_own_rows(settings_.crypto, engine_, passed.wide_aes);
  const OSSL_DISPATCH* default_functions[kMaxOwnRows] = {};
  if (!tables_.build(standard_, {own.rows, own.count}, settings_.crypto.passthrough,
                     default_functions))
    return false;
  for (std::size_t i = 0; i < own.count; ++i)
    default_functions_[static_cast<std::size_t>(own.ids[i])] = default_functions[i];
  return true;
}

Instance* Instance::load(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH* core,
                         void** context) noexcept {
  Instance* instance = create();
  if (instance == nullptr) return nullptr;
  if (!instance->start(handle, core) || !registry.add(instance->standard_.context(), instance)) {
    destroy(instance);
    return nullptr;
  }
  *context = instance->standard_.context();
  return instance;
}

void Instance::unload(void* context) noexcept {
  destroy(registry.remove(context));
}

Instance* Instance::of(void* context) noexcept {
  return registry.find(context);
}

bool Instance::self_test() noexcept {
  const KnownAnswers passed = check_known_answers(engine_);
  const bool right = passed.wide_aes && passed.engine &&
                     (engine_ == nullptr || check_batches(*engine_)) && standard_.self_test() != 0;
  // What failed once, also when the provider was loaded, is not trusted again.
  if (right && healthy()) return true;
  healthy_.store(false, std::memory_order_relaxed);
  errors_.raise(Reason::self_test_failed, __func__);
  return false;
}

}  // namespace wd::provider
