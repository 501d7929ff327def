// Checksums by the best variant for this CPU, chosen with the first call.
#include "wd/checksum.hpp"

#include <atomic>

#include "software/checksum/variants.hpp"

WD_NAMESPACE_BEGIN

namespace {

std::uint32_t choose_crc32(std::uint32_t so_far, const std::uint8_t* data,
                           std::size_t bytes) noexcept;
std::uint32_t choose_adler32(std::uint32_t so_far, const std::uint8_t* data,
                             std::size_t bytes) noexcept;

// relaxed, where these are loaded and stored: a function's address says all there is to say, and
// threads that choose at once choose the same.
std::atomic<ChecksumFunction*>& chosen_crc32() noexcept {
  static constinit std::atomic<ChecksumFunction*> chosen{choose_crc32};
  return chosen;
}

std::atomic<ChecksumFunction*>& chosen_adler32() noexcept {
  static constinit std::atomic<ChecksumFunction*> chosen{choose_adler32};
  return chosen;
}

std::uint32_t choose_crc32(std::uint32_t so_far, const std::uint8_t* data,
                           std::size_t bytes) noexcept {
  ChecksumFunction* best = best_variant(crc32_variants(), cpu_features()).function;
  chosen_crc32().store(best, std::memory_order_relaxed);
  return best(so_far, data, bytes);
}

std::uint32_t choose_adler32(std::uint32_t so_far, const std::uint8_t* data,
                             std::size_t bytes) noexcept {
  ChecksumFunction* best = best_variant(adler32_variants(), cpu_features()).function;
  chosen_adler32().store(best, std::memory_order_relaxed);
  return best(so_far, data, bytes);
}

}  // namespace

std::uint32_t crc32(std::uint32_t so_far, const void* data, std::size_t bytes) noexcept {
  ChecksumFunction* chosen = chosen_crc32().load(std::memory_order_relaxed);
  return chosen(so_far, static_cast<const std::uint8_t*>(data), bytes);
}

std::uint32_t adler32(std::uint32_t so_far, const void* data, std::size_t bytes) noexcept {
  ChecksumFunction* chosen = chosen_adler32().load(std::memory_order_relaxed);
  return chosen(so_far, static_cast<const std::uint8_t*>(data), bytes);
}

WD_NAMESPACE_END
