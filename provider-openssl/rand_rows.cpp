#include "rand_rows.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "dispatch.hpp"

namespace wd::provider {

namespace {

constexpr unsigned long kVersion35 = 0x30500000UL;
constexpr std::size_t kRows = 8;
// OSSL_PROV_PARAM_CORE_PROV_NAME, which older headers have, too.
constexpr const char* kNameKey = "provider-name";

// Default's functions. They are libcrypto's, the same for whoever loads the provider.
struct Standard {
  std::atomic<OSSL_FUNC_rand_instantiate_fn*> instantiate;
  std::atomic<OSSL_FUNC_rand_set_ctx_params_fn*> set_ctx_params;
};
constinit Standard standard[kRows] = {};

// The parameters, in which the provider's name is default's.
class Renamed {
 public:
  explicit Renamed(const OSSL_PARAM* params) noexcept : params_(params) {
    if (params == nullptr) return;
    std::size_t count = 0;
    bool named = false;
    for (; params[count].key != nullptr; ++count)
      named = named || std::strcmp(params[count].key, kNameKey) == 0;
    if (!named || count >= kMost) return;
    for (std::size_t i = 0; i <= count; ++i) {
      copy_[i] = params[i];
      if (i < count && std::strcmp(params[i].key, kNameKey) == 0) {
        copy_[i].data = name_;
        copy_[i].data_size = sizeof(name_) - 1;
      }
    }
    params_ = copy_;
  }
  Renamed(const Renamed&) = delete;
  Renamed& operator=(const Renamed&) = delete;

  [[nodiscard]] const OSSL_PARAM* get() const noexcept { return params_; }

 private:
  static constexpr std::size_t kMost = 32;

  const OSSL_PARAM* params_;
  char name_[8] = "default";
  OSSL_PARAM copy_[kMost];
};

template <std::size_t kRow>
int instantiate(void* context, unsigned strength, int prediction_resistance,
                const unsigned char* personal, std::size_t personal_bytes,
                const OSSL_PARAM params[]) noexcept {
  const Renamed renamed(params);
  return standard[kRow].instantiate.load(std::memory_order_relaxed)(
      context, strength, prediction_resistance, personal, personal_bytes, renamed.get());
}

template <std::size_t kRow>
int set_ctx_params(void* context, const OSSL_PARAM params[]) noexcept {
  const Renamed renamed(params);
  return standard[kRow].set_ctx_params.load(std::memory_order_relaxed)(context, renamed.get());
}

template <std::size_t kRow>
void replace(OSSL_DISPATCH& entry) noexcept {
  if (entry.function_id == OSSL_FUNC_RAND_INSTANTIATE) {
    standard[kRow].instantiate.store(
        reinterpret_cast<OSSL_FUNC_rand_instantiate_fn*>(entry.function),
        std::memory_order_relaxed);
    entry.function = reinterpret_cast<AnyFunction>(instantiate<kRow>);
  } else if (entry.function_id == OSSL_FUNC_RAND_SET_CTX_PARAMS) {
    standard[kRow].set_ctx_params.store(
        reinterpret_cast<OSSL_FUNC_rand_set_ctx_params_fn*>(entry.function),
        std::memory_order_relaxed);
    entry.function = reinterpret_cast<AnyFunction>(set_ctx_params<kRow>);
  }
}

template <std::size_t... kEach>
void replace_in(OSSL_DISPATCH* table, std::size_t row, std::index_sequence<kEach...>) noexcept {
  using Replace = void (*)(OSSL_DISPATCH&) noexcept;
  constexpr Replace kReplace[] = {replace<kEach>...};
  for (; table->function_id != 0; ++table) kReplace[row](*table);
}

}  // namespace

bool rand_rows_need_names() noexcept {
  return OpenSSL_version_num() >= kVersion35;
}

bool name_default_in(OSSL_DISPATCH* table, std::size_t row) noexcept {
  if (row >= kRows) return false;
  replace_in(table, row, std::make_index_sequence<kRows>());
  return true;
}

}  // namespace wd::provider
