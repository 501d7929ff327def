#include <zstd.h>

#include "fail.hpp"
#include "reference_codec.hpp"

namespace wd::bench {
namespace {

class Zstd final : public ReferenceCodec {
 public:
  explicit Zstd(int level)
      : level_(level),
        compressor_(ZSTD_createCCtx(), ZSTD_freeCCtx),
        decompressor_(ZSTD_createDCtx(), ZSTD_freeDCtx) {
    // zlib's frame has a checksum, so this one has one too.
    ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_compressionLevel, level);
  }

  const char* name() const override { return "zstd"; }
  int level() const override { return level_; }
  std::size_t bound(std::size_t plain_bytes) const override {
    return ZSTD_compressBound(plain_bytes);
  }

  std::size_t encode(ByteView plain, Bytes& out) override {
    const std::size_t made =
        ZSTD_compress2(compressor_.get(), out.data(), out.size(), plain.data(), plain.size());
    require(ZSTD_isError(made) == 0, "zstd could not compress");
    return made;
  }

  std::size_t decode(ByteView packed, Bytes& out) override {
    const std::size_t made = ZSTD_decompressDCtx(decompressor_.get(), out.data(), out.size(),
                                                 packed.data(), packed.size());
    require(ZSTD_isError(made) == 0, "zstd could not decompress");
    return made;
  }

 private:
  int level_;
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> compressor_;
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> decompressor_;
};

}  // namespace

ReferenceCodecPtr zstd_reference(int level) {
  return std::make_unique<Zstd>(level);
}

}  // namespace wd::bench
