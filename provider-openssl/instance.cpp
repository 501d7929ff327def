#include "instance.hpp"

#include <openssl/crypto.h>

#include <new>

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
  wd::Context* context = process_context();
  if (context == nullptr) return false;
  const char* complaint = nullptr;
  if (!settings_.read(handle, core, context->config(), &complaint)) {
    errors_.raise(Reason::bad_configuration, __func__, complaint);
    return false;
  }
  if (!standard_.load()) {
    errors_.raise(Reason::no_default_provider, __func__);
    return false;
  }
  return tables_.build(standard_, {}, settings_.crypto.passthrough, nullptr);
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
  if (standard_.self_test() != 0) return true;
  healthy_.store(false, std::memory_order_relaxed);
  errors_.raise(Reason::self_test_failed, __func__);
  return false;
}

}  // namespace wd::provider
