#include <libdeflate.h>

#include <memory>

#include "reference_decoder.hpp"

namespace wd::bench {
namespace {

// uncompress has no place for a context, and libdeflate's manual asks for one that is kept.
libdeflate_decompressor* kept_decompressor() {
  static const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      kept(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  return kept.get();
}

int uncompress(Bytef* plain, uLongf* plain_bytes, const Bytef* packed, uLong packed_bytes) {
  std::size_t made = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(
      kept_decompressor(), packed, packed_bytes, plain, *plain_bytes, &made);
  *plain_bytes = made;
  return result == LIBDEFLATE_SUCCESS ? Z_OK : Z_DATA_ERROR;
}

}  // namespace

ZlibAbi libdeflate_decoder() {
  ZlibAbi abi{};
  abi.path = "libdeflate";
  abi.uncompress = uncompress;
  return abi;
}

}  // namespace wd::bench
