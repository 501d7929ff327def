// wd.h: whole messages and checksums.
#include "wd/one_shot.hpp"
#include "capi/session_calls.hpp"
#include "wd/checksum.hpp"

namespace {

const wd::Context& context_of(const wd_context* context) {
  return *reinterpret_cast<const wd::Context*>(context);
}

}  // namespace

int wd_compress(const wd_context* context, wd_format format, int level, const void* in,
                size_t in_bytes, void* out, size_t* out_bytes) {
  if (context == nullptr || out_bytes == nullptr || (in == nullptr && in_bytes != 0) ||
      (out == nullptr && *out_bytes != 0))
    return -EINVAL;
  const auto done = wd::compress(
      context_of(context), wd::capi::narrowed<wd::Format>(static_cast<int>(format)), level,
      {static_cast<const std::byte*>(in), in_bytes}, {static_cast<std::byte*>(out), *out_bytes});
  if (!done) return wd::capi::negative_errno(done.error());
  *out_bytes = *done;
  return 0;
}

size_t wd_compress_bound(wd_format format, size_t in_bytes) {
  return wd::compress_bound(wd::capi::narrowed<wd::Format>(static_cast<int>(format)), in_bytes);
}

int wd_decompress(const wd_context* context, wd_format format, const void* in, size_t* in_bytes,
                  void* out, size_t* out_bytes) {
  if (context == nullptr || in_bytes == nullptr || out_bytes == nullptr ||
      (in == nullptr && *in_bytes != 0) || (out == nullptr && *out_bytes != 0))
    return -EINVAL;
  const auto done = wd::decompress(
      context_of(context), wd::capi::narrowed<wd::Format>(static_cast<int>(format)),
      {static_cast<const std::byte*>(in), *in_bytes}, {static_cast<std::byte*>(out), *out_bytes});
  if (!done) return wd::capi::negative_errno(done.error());
  *in_bytes = done->consumed;
  *out_bytes = done->produced;
  return 0;
}

uint32_t wd_crc32(uint32_t so_far, const void* data, size_t bytes) {
  return wd::crc32(so_far, data, bytes);
}
uint32_t wd_adler32(uint32_t so_far, const void* data, size_t bytes) {
  return wd::adler32(so_far, data, bytes);
}
uint32_t wd_crc32_combine(uint32_t first, uint32_t second, uint64_t second_bytes) {
  return wd::crc32_combine(first, second, second_bytes);
}
uint32_t wd_adler32_combine(uint32_t first, uint32_t second, uint64_t second_bytes) {
  return wd::adler32_combine(first, second, second_bytes);
}
