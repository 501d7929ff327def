#include "wd/crypto_engine.hpp"

#include <atomic>
#include <cstdlib>

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
  auto* engine = static_cast<CryptoEngine*>(std::calloc(1, sizeof(CryptoEngine)));
  if (engine == nullptr) return nullptr;
  if (reinterpret_cast<OpenCryptoModule*>(symbol)(engine) == 0 && engine->abi == kCryptoEngineAbi &&
      engine->gcm_key_bytes <= CryptoEngine::kMaxGcmKeyBytes &&
      engine->gcm_state_bytes <= CryptoEngine::kMaxGcmStateBytes)
    return engine;
  std::free(engine);
  return nullptr;
}

// As far as the one question of this process has got.
enum class Known : int { nothing, being_asked, answered };

}  // namespace

const CryptoEngine* crypto_engine() noexcept {
  static constinit std::atomic<Known> known{Known::nothing};
  static constinit std::atomic<const CryptoEngine*> engine{nullptr};
  // acquire: pairs with the release below, which made the engine visible.
  if (known.load(std::memory_order_acquire) == Known::answered) [[likely]]
    return engine.load(std::memory_order_relaxed);
  Known nothing = Known::nothing;
  // Whoever comes while another thread is asking does without: no lock that a fork could inherit.
  if (!known.compare_exchange_strong(nothing, Known::being_asked, std::memory_order_acq_rel))
    return engine.load(std::memory_order_relaxed);
  const CryptoEngine* opened = open_engine();
  engine.store(opened, std::memory_order_relaxed);
  known.store(Known::answered, std::memory_order_release);
  return opened;
}

WD_NAMESPACE_END
