// The engine module: what crypto_engine() opens.
#include "software/ipsec_mb/module.hpp"

#include <atomic>
#include <cstdlib>

#include "software/ipsec_mb/open_module.hpp"

WD_NAMESPACE_BEGIN

namespace {

// One for the life of the module, which is not closed again.
constinit std::atomic<IMB_MGR*> shared_manager{nullptr};
constinit std::atomic<const CryptoEngine*> published{nullptr};

// The code for CPUs with 512-bit vectors and wide AES: on lesser ones the library is not known to
// be faster than OpenSSL.
constexpr std::uint64_t kNeeds = IMB_FEATURE_AVX512_SKX | IMB_FEATURE_VAES | IMB_FEATURE_VPCLMULQDQ;

bool is_for_this_cpu(IMB_MGR* manager) noexcept {
  IMB_ARCH chosen = IMB_ARCH_NONE;
  init_mb_mgr_auto(manager, &chosen);
  // The library tests itself with known answers where it can.
  const bool failed_its_test = (manager->features & IMB_FEATURE_SELF_TEST) != 0 &&
                               (manager->features & IMB_FEATURE_SELF_TEST_PASS) == 0;
  return imb_get_errno(manager) == 0 && chosen == IMB_ARCH_AVX512 && !failed_its_test &&
         (manager->features & kNeeds) == kNeeds;
}

}  // namespace

const IMB_MGR* direct_calls() noexcept {
  // acquire: pairs with the exchange that published it.
  return shared_manager.load(std::memory_order_acquire);
}

WD_NAMESPACE_END

// See open_module.hpp. Threads may call it at once: what was made first stays.
extern "C" __attribute__((visibility("default"))) const wd::CryptoEngine*
wd_crypto_engine_open() noexcept {
  if (const wd::CryptoEngine* known = wd::published.load(std::memory_order_acquire)) return known;
  IMB_MGR* manager = alloc_mb_mgr(0);
  auto* engine = static_cast<wd::CryptoEngine*>(std::calloc(1, sizeof(wd::CryptoEngine)));
  if (manager == nullptr || engine == nullptr || !wd::is_for_this_cpu(manager)) {
    if (manager != nullptr) free_mb_mgr(manager);
    std::free(engine);
    return nullptr;
  }
  IMB_MGR* no_manager = nullptr;
  if (!wd::shared_manager.compare_exchange_strong(no_manager, manager, std::memory_order_acq_rel))
    free_mb_mgr(manager);
  engine->abi = wd::kCryptoEngineAbi;
  engine->name = "ipsec-mb";
  wd::fill_gcm_calls(*engine);
  engine->batch = wd::batch_calls();
  const wd::CryptoEngine* none = nullptr;
  if (wd::published.compare_exchange_strong(none, engine, std::memory_order_acq_rel)) return engine;
  std::free(engine);
  return none;
}
