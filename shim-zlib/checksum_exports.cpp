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

void count(wd::Algorithm algorithm, std::size_t bytes) noexcept {
  if (const wd::Context* context = wd::shim::context_of_checksums())
    wd::count_served(*context, algorithm, wd::Engine::checksum, bytes, 0);
}

uLong counted_crc32(uLong so_far, const Bytef* data, std::size_t bytes) noexcept {
  if (data == Z_NULL) return wd::kCrc32Start;
  count(wd::Algorithm::crc32, bytes);
  return bytes == 1 ? wd::crc32_of_byte(low(so_far), *data) : wd::crc32(low(so_far), data, bytes);
}

uLong counted_adler32(uLong so_far, const Bytef* data, std::size_t bytes) noexcept {
  if (data == Z_NULL) return wd::kAdler32Start;
  count(wd::Algorithm::adler32, bytes);
  return bytes == 1 ? wd::adler32_of_byte(low(so_far), *data)
                    : wd::adler32(low(so_far), data, bytes);
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
  return counted_crc32(so_far, data, bytes);
}
WD_EXPORT uLong crc32_z(uLong so_far, const Bytef* data, z_size_t bytes) {
  return counted_crc32(so_far, data, bytes);
}
WD_EXPORT uLong adler32(uLong so_far, const Bytef* data, uInt bytes) {
  return counted_adler32(so_far, data, bytes);
}
WD_EXPORT uLong adler32_z(uLong so_far, const Bytef* data, z_size_t bytes) {
  return counted_adler32(so_far, data, bytes);
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
