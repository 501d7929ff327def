// An engine module whose AES-GCM encrypts nothing: what the provider's known answers must find out.
#include <cstring>

#include "wd/crypto_engine.hpp"

namespace {

constexpr wd::AesGcmCalls kNothing = {
    [](const void*, void*) noexcept {},
    [](const void*, void*, const void*, std::size_t, const void*, std::size_t) noexcept {},
    [](const void*, void*, const void*, std::size_t) noexcept {},
    [](const void*, void*, void* out, const void* in, std::size_t bytes) noexcept {
      std::memmove(out, in, bytes);
    },
    [](const void*, void*, void* out, const void* in, std::size_t bytes) noexcept {
      std::memmove(out, in, bytes);
    },
    [](const void*, void*, void* tag) noexcept { std::memset(tag, 0, 16); },
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const wd::CryptoEngine*
wd_crypto_engine_open() noexcept {
  static constexpr wd::CryptoEngine kBroken = {
      wd::kCryptoEngineAbi, "broken", 64, 64, kNothing, kNothing, kNothing, {}};
  return &kBroken;
}
