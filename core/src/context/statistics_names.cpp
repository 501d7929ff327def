#include <array>

#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::array<const char*, static_cast<std::size_t>(Algorithm::count_)> kAlgorithms{
    "deflate", "inflate", "crc32", "adler32", "aes-gcm",
    "aes-ctr", "aes-cbc", "sha1",  "sha2",    "hmac"};
constexpr std::array<const char*, static_cast<std::size_t>(Engine::count_)> kEngines{
    "zlib", "libdeflate", "inflate", "checksum", "vaes", "ipsec-mb", "libcrypto"};
constexpr std::array<const char*, static_cast<std::size_t>(FallbackReason::count_)> kReasons{
    "does_not_fit", "not_whole", "unsupported", "too_small", "shallow"};

}  // namespace

const char* name_of(Algorithm algorithm) noexcept {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}
const char* name_of(Engine engine) noexcept {
  return kEngines[static_cast<std::size_t>(engine)];
}
const char* name_of(FallbackReason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)];
}

WD_NAMESPACE_END
