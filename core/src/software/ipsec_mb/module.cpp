// The engine module: what crypto_engine() opens.
#include "software/ipsec_mb/module.hpp"

#include <atomic>

#include "software/ipsec_mb/open_module.hpp"

WD_NAMESPACE_BEGIN

namespace {

// One for the life of the module, which is not closed again.
constinit std::atomic<IMB_MGR*> shared_manager{nullptr};

// The code for CPUs with 512-bit vectors and wide AES: on lesser ones the library is not known to
// be faster than OpenSSL.
constexpr std::uint64_t kNeeds = IMB_FEATURE_AVX512_SKX | IMB_FEATURE_VAES | IMB_FEATURE_VPCLMULQDQ;

}  // namespace

const IMB_MGR* direct_calls() noexcept {
  // acquire: pairs with the exchange that published it.
  return shared_manager.load(std::memory_order_acquire);
}

WD_NAMESPACE_END

// See open_module.hpp. Threads may call it at once: the first manager stays.
extern "C" __attribute__((visibility("default"))) int wd_crypto_engine_open(
    wd::CryptoEngine* engine) noexcept {
  IMB_MGR* manager = alloc_mb_mgr(0);
  if (manager == nullptr) return -1;
  IMB_ARCH chosen = IMB_ARCH_NONE;
  init_mb_mgr_auto(manager, &chosen);
  // The library tests itself with known answers where it can.
  const bool failed_its_test = (manager->features & IMB_FEATURE_SELF_TEST) != 0 &&
                               (manager->features & IMB_FEATURE_SELF_TEST_PASS) == 0;
  if (imb_get_errno(manager) != 0 || chosen != IMB_ARCH_AVX512 || failed_its_test ||
      (manager->features & wd::kNeeds) != wd::kNeeds) {
    free_mb_mgr(manager);
    return -1;
  }
  IMB_MGR* none = nullptr;
  if (!wd::shared_manager.compare_exchange_strong(none, manager, std::memory_order_acq_rel))
    free_mb_mgr(manager);
  engine->abi = wd::kCryptoEngineAbi;
  engine->name = "ipsec-mb";
  wd::fill_gcm_calls(*engine);
  engine->batch = wd::batch_calls();
  return 0;
}
