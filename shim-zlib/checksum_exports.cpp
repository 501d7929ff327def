// The exported checksums.
#include <zlib.h>

#include "abi.hpp"
#include "context/served.hpp"
#include "process.hpp"
#include "software/checksum/single_byte.hpp"
#include "wd/checksum.hpp"

// zlib.h may rename the combining functions to their 64-bit twins, as the including program's file
// offset size asks; both are defined here.
#undef adler32_combine
#undef crc32_combine
#undef crc32_combine_gen

namespace {

std::uint32_t low(uLong value) noexcept {
  return static_cast<std::uint32_t>(value);
}

struct Crc32 {
  static constexpr wd::Algorithm kAlgorithm = wd::Algorithm::crc32;
  static constexpr std::uint32_t kStart = wd::kCrc32Start;
  static std::uint32_t sum(std::uint32_t so_far, const Bytef* data, std::size_t bytes) noexcept {
    return bytes == 1 ? wd::crc32_of_byte(so_far, *data) : wd::crc32(so_far, data, bytes);
  }
};

struct Adler32 {
  static constexpr wd::Algorithm kAlgorithm = wd::Algorithm::adler32;
  static constexpr std::uint32_t kStart = wd::kAdler32Start;
  static std::uint32_t sum(std::uint32_t so_far, const Bytef* data, std::size_t bytes) noexcept {
    return bytes == 1 ? wd::adler32_of_byte(so_far, *data) : wd::adler32(so_far, data, bytes);
  }
};

template <class Checksum>
[[gnu::noinline, gnu::cold]] uLong counted(uLong so_far, const Bytef* data,
                                           std::size_t bytes) noexcept {
  if (const wd::Context* context = wd::shim::context_of_checksums())
    wd::count_served(*context, Checksum::kAlgorithm, wd::Engine::checksum, bytes, 0);
  return Checksum::sum(low(so_far), data, bytes);
}

// A call for a byte or two takes as long as what is around it: so that there is no stack frame,
// what counts is apart.
template <class Checksum>
[[gnu::always_inline]] inline uLong checksum(uLong so_far, const Bytef* data,
                                             std::size_t bytes) noexcept {
  if (data == Z_NULL) return Checksum::kStart;
  if (wd::shim::checksums_may_count()) [[unlikely]]
    return counted<Checksum>(so_far, data, bytes);
  return Checksum::sum(low(so_far), data, bytes);
}

uLong combined_crc32(uLong first, uLong second, off64_t second_bytes) noexcept {
  return wd::crc32_combine(low(first), low(second), static_cast<std::uint64_t>(second_bytes));
}

// zlib's answer to a negative length.
uLong combined_adler32(uLong first, uLong second, off64_t second_bytes) noexcept {
  if (second_bytes < 0) return 0xffffffff;
  return wd::adler32_combine(low(first), low(second), static_cast<std::uint64_t>(second_bytes));
}

}  // namespace

WD_EXPORT uLong crc32(uLong so_far, const Bytef* data, uInt bytes) {
  return checksum<Crc32>(so_far, data, bytes);
}
WD_EXPORT uLong crc32_z(uLong so_far, const Bytef* data, z_size_t bytes) {
  return checksum<Crc32>(so_far, data, bytes);
}
WD_EXPORT uLong adler32(uLong so_far, const Bytef* data, uInt bytes) {
  return checksum<Adler32>(so_far, data, bytes);
}
WD_EXPORT uLong adler32_z(uLong so_far, const Bytef* data, z_size_t bytes) {
  return checksum<Adler32>(so_far, data, bytes);
}

WD_EXPORT uLong crc32_combine(uLong first, uLong second, off_t second_bytes) {
  return combined_crc32(first, second, second_bytes);
}
WD_EXPORT uLong crc32_combine64(uLong first, uLong second, off64_t second_bytes) {
  return combined_crc32(first, second, second_bytes);
}
WD_EXPORT uLong adler32_combine(uLong first, uLong second, off_t second_bytes) {
  return combined_adler32(first, second, second_bytes);
}
WD_EXPORT uLong adler32_combine64(uLong first, uLong second, off64_t second_bytes) {
  return combined_adler32(first, second, second_bytes);
}

WD_EXPORT uLong crc32_combine_gen(off_t second_bytes) {
  return wd::crc32_combine_operator(static_cast<std::uint64_t>(second_bytes));
}
WD_EXPORT uLong crc32_combine_gen64(off64_t second_bytes) {
  return wd::crc32_combine_operator(static_cast<std::uint64_t>(second_bytes));
}
WD_EXPORT uLong crc32_combine_op(uLong first, uLong second, uLong combine_operator) {
  return wd::crc32_combine_apply(low(first), low(second), low(combine_operator));
}
