#include "wd/crypto_config.hpp"

#include "context/choices.hpp"

WD_NAMESPACE_BEGIN

namespace {

using Use = CryptoConfig::Use;

constexpr Choices<bool, 2> kPassthroughChoices{"passthrough: must be 0 or 1",
                                               {{"0", false}, {"1", true}}};

#define WD_USES                                  \
  {                                              \
    {"auto", Use::automatic}, {"on", Use::on}, { \
      "off", Use::off                            \
    }                                            \
  }
// One for each family, in their order, because the complaint names the key.
constexpr Choices<Use, 3> kFamilyChoices[] = {
    {"aes_gcm: must be auto, on or off", WD_USES}, {"aes_ctr: must be auto, on or off", WD_USES},
    {"aes_cbc: must be auto, on or off", WD_USES}, {"sha1: must be auto, on or off", WD_USES},
    {"sha2: must be auto, on or off", WD_USES},    {"hmac: must be auto, on or off", WD_USES}};
#undef WD_USES

constexpr std::size_t kFamilies = static_cast<std::size_t>(CryptoFamily::count_);
static_assert(sizeof(kFamilyChoices) / sizeof(kFamilyChoices[0]) == kFamilies);

// The families first, in their order.
constexpr const char* kKeys[] = {"aes_gcm",        "aes_ctr", "aes_cbc",     "sha1",
                                 "sha2",           "hmac",    "passthrough", "batch_min_bytes",
                                 "batch_min_depth"};

struct Limit {
  std::string_view key;
  std::uint32_t CryptoConfig::*member;
  std::uint32_t least;
  std::uint32_t most;
  const char* complaint;
};

constexpr Limit kLimits[] = {
    {"batch_min_bytes", &CryptoConfig::batch_min_bytes, 0, 1U << 30,
     "batch_min_bytes: must be a number of bytes, at most 1073741824"},
    {"batch_min_depth", &CryptoConfig::batch_min_depth, 0, 64,
     "batch_min_depth: must be a number from 0 to 64"},
};

}  // namespace

std::span<const char* const> CryptoConfig::keys() noexcept {
  return kKeys;
}

bool CryptoConfig::knows(std::string_view key) noexcept {
  for (const char* known : kKeys)
    if (key == known) return true;
  return false;
}

Result<void> CryptoConfig::set(std::string_view key, std::string_view value) noexcept {
  for (std::size_t family = 0; family < kFamilies; ++family)
    if (key == kKeys[family]) return choose(kFamilyChoices[family], value, families[family]);
  if (key == "passthrough") return choose(kPassthroughChoices, value, passthrough);
  for (const Limit& limit : kLimits)
    if (key == limit.key)
      return choose_number(value, limit.least, limit.most, limit.complaint, this->*limit.member);
  return Error{Errc::invalid_argument, 0, "an unknown key for cryptography"};
}

WD_NAMESPACE_END
