#include "wd/crypto_engine.hpp"

#include <atomic>

#include "base/cpu_features.hpp"
#include "base/module.hpp"
#include "software/ipsec_mb/open_module.hpp"

WD_NAMESPACE_BEGIN

namespace {

// What the module's code needs at least; it looks closer itself. Asked before any file is read, so
// that other CPUs pay nothing.
constexpr CpuFeatures kNeeds{CpuFeature::aes,     CpuFeature::vaes,     CpuFeature::vpclmulqdq,
                             CpuFeature::avx512f, CpuFeature::avx512bw, CpuFeature::avx512vl};

const CryptoEngine* open_engine() noexcept {
  if (!cpu_features().include(kNeeds)) return nullptr;
  void* symbol = open_module(kCryptoModule, kCryptoModuleSymbol);
  if (symbol == nullptr) return nullptr;
  const CryptoEngine* engine = reinterpret_cast<OpenCryptoModule*>(symbol)();
  if (engine != nullptr && engine->abi == kCryptoEngineAbi &&
      engine->gcm_key_bytes <= CryptoEngine::kMaxGcmKeyBytes &&
      engine->gcm_state_bytes <= CryptoEngine::kMaxGcmStateBytes)
    return engine;
  return nullptr;
}

// Stands for the answer that there is none.
constexpr CryptoEngine kNone{};

}  // namespace

const CryptoEngine* crypto_engine() noexcept {
  static constinit std::atomic<const CryptoEngine*> known{nullptr};
  // acquire: pairs with the store below, which made the engine visible.
  const CryptoEngine* engine = known.load(std::memory_order_acquire);
  if (engine == nullptr) {
    // Threads that ask at once each ask the module, and get the same answer: a lock could be
    // inherited by a fork.
    engine = open_engine();
    if (engine == nullptr) engine = &kNone;
    known.store(engine, std::memory_order_release);
  }
  return engine != &kNone ? engine : nullptr;
}

WD_NAMESPACE_END
