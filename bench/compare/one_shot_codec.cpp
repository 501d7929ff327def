#include "codec.hpp"
#include "fail.hpp"

namespace wd::bench {
namespace {

class OneShot final : public Codec {
 public:
  explicit OneShot(int level) : level_(level) {}

  std::uint64_t encode(const ZlibAbi& zlib, ByteView plain, Bytes* kept) override {
    uLongf length = zlib.compressBound(plain.size());
    if (out_.size() < length) out_.resize(length);
    require(zlib.compress2(out_.data(), &length, plain.data(), plain.size(), level_) == Z_OK,
            "compress2 failed", zlib.path);
    return keep(length, kept);
  }

  std::uint64_t decode(const ZlibAbi& zlib, ByteView packed, std::size_t plain_bytes,
                       Bytes* kept) override {
    uLongf length = plain_bytes;
    if (out_.size() < length) out_.resize(length);
    require(zlib.uncompress(out_.data(), &length, packed.data(), packed.size()) == Z_OK,
            "uncompress failed", zlib.path);
    return keep(length, kept);
  }

 private:
  std::uint64_t keep(std::size_t length, Bytes* kept) const {
    if (kept != nullptr) kept->insert(kept->end(), out_.begin(), out_.begin() + length);
    return length;
  }

  int level_;
  Bytes out_;
};

}  // namespace

CodecPtr one_shot_codec(int level) {
  return std::make_unique<OneShot>(level);
}

}  // namespace wd::bench
