#include <array>

#include "wd/statistics.hpp"

WD_NAMESPACE_BEGIN

namespace {

constexpr std::array<const char*, static_cast<std::size_t>(Algorithm::count_)> kAlgorithms{
    "deflate", "inflate", "crc32", "adler32", "aes-gcm",
    "aes-ctr", "aes-cbc", "sha1",  "sha2",    "hmac"};
constexpr std::array<const char*, static_cast<std::size_t>(Engine::count_)> kEngines{
    "zlib", "libdeflate", "inflate", "checksum", "vaes", "ipsec-mb", "libcrypto", "hisi_zip"};
constexpr std::array<const char*, static_cast<std::size_t>(FallbackReason::count_)> kReasons{
    "does_not_fit", "not_whole",        "unsupported",        "too_small",        "shallow",
    "no_device",    "queues_exhausted", "device_unavailable", "device_set_aside", "known_answer",
    "device_fault", "forked",           "no_memory",          "too_long"};

}  // namespace

const char* name_of(Algorithm algorithm) noexcept {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}
const char* name_of(Engine engine) noexcept {
  return kEngines[static_cast<std::size_t>(engine)];
}
const char* backend_of(Engine engine) noexcept {
  return engine == Engine::hisi_zip ? "hisi" : "software";
}
const char* name_of(FallbackReason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)];
}

WD_NAMESPACE_END
