#include "software/libdeflate/whole_codec.hpp"

#include <libdeflate.h>

#include "base/thread_scratch.hpp"
#include "software/libdeflate/level_table.hpp"

WD_NAMESPACE_BEGIN

namespace {

libdeflate_compressor* compressor_of(BorrowedScratch& scratch, int level) noexcept {
  constexpr auto kSlot = ThreadScratch::Slot::compressor;
  const auto kind = static_cast<std::size_t>(level);
  if (scratch->get(kSlot) == nullptr || scratch->kind(kSlot) != kind) {
    libdeflate_compressor* fresh = libdeflate_alloc_compressor(level);
    if (fresh == nullptr) return nullptr;
    scratch->put(kSlot, fresh, kind, [](void* tool) {
      libdeflate_free_compressor(static_cast<libdeflate_compressor*>(tool));
    });
  }
  return static_cast<libdeflate_compressor*>(scratch->get(kSlot));
}

WholeResult deflate_whole(BorrowedScratch& scratch, int level, const std::uint8_t* in,
                          std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes) noexcept {
  libdeflate_compressor* compressor = compressor_of(scratch, libdeflate_level(level, in, in_bytes));
  if (compressor == nullptr) return {WholeVerdict::refused, 0, 0};
  const std::size_t produced =
      libdeflate_deflate_compress(compressor, in, in_bytes, out, out_bytes);
  if (produced == 0) return {WholeVerdict::does_not_fit, 0, 0};
  return {WholeVerdict::done, in_bytes, produced};
}

std::size_t bound_of(std::size_t in_bytes) noexcept {
  return libdeflate_deflate_compress_bound(nullptr, in_bytes);
}

}  // namespace

constexpr WholeCodec kLibdeflateCodec{Engine::libdeflate, deflate_whole, libdeflate_suits,
                                      bound_of};

WD_NAMESPACE_END
