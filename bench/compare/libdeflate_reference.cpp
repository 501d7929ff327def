#include <libdeflate.h>

#include "fail.hpp"
#include "reference_codec.hpp"

namespace wd::bench {
namespace {

class Libdeflate final : public ReferenceCodec {
 public:
  explicit Libdeflate(int level)
      : level_(level),
        compressor_(libdeflate_alloc_compressor(level), libdeflate_free_compressor),
        decompressor_(libdeflate_alloc_decompressor(), libdeflate_free_decompressor) {}

  const char* name() const override { return "libdeflate"; }
  int level() const override { return level_; }
  std::size_t bound(std::size_t plain_bytes) const override {
    return libdeflate_zlib_compress_bound(compressor_.get(), plain_bytes);
  }

  std::size_t encode(ByteView plain, Bytes& out) override {
    const std::size_t made = libdeflate_zlib_compress(compressor_.get(), plain.data(), plain.size(),
                                                      out.data(), out.size());
    require(made != 0, "libdeflate could not compress");
    return made;
  }

  std::size_t decode(ByteView packed, Bytes& out) override {
    std::size_t made = 0;
    require(libdeflate_zlib_decompress(decompressor_.get(), packed.data(), packed.size(),
                                       out.data(), out.size(), &made) == LIBDEFLATE_SUCCESS,
            "libdeflate could not decompress");
    return made;
  }

 private:
  int level_;
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor_;
  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor_;
};

}  // namespace

ReferenceCodecPtr libdeflate_reference(int level) {
  return std::make_unique<Libdeflate>(level);
}

}  // namespace wd::bench
