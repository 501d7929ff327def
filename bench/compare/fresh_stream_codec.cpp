#include "codec.hpp"
#include "fail.hpp"

namespace wd::bench {
namespace {

class FreshStream final : public Codec {
 public:
  explicit FreshStream(int level) : level_(level) {}

  std::uint64_t encode(const ZlibAbi& zlib, ByteView plain, Bytes* kept) override {
    z_stream stream{};
    require(zlib.deflateInit_(&stream, level_, ZLIB_VERSION, sizeof stream) == Z_OK,
            "deflateInit failed", zlib.path);
    point(stream, plain, zlib.deflateBound(&stream, plain.size()));
    require(zlib.deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflate did not finish", zlib.path);
    require(zlib.deflateEnd(&stream) == Z_OK, "deflateEnd failed", zlib.path);
    return keep(stream, kept);
  }

  std::uint64_t decode(const ZlibAbi& zlib, ByteView packed, std::size_t plain_bytes,
                       Bytes* kept) override {
    z_stream stream{};
    require(zlib.inflateInit_(&stream, ZLIB_VERSION, sizeof stream) == Z_OK, "inflateInit failed",
            zlib.path);
    point(stream, packed, plain_bytes);
    require(zlib.inflate(&stream, Z_FINISH) == Z_STREAM_END, "inflate did not finish", zlib.path);
    require(zlib.inflateEnd(&stream) == Z_OK, "inflateEnd failed", zlib.path);
    return keep(stream, kept);
  }

 private:
  void point(z_stream& stream, ByteView input, std::size_t room) {
    if (out_.size() < room) out_.resize(room);
    stream.next_in = const_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = out_.data();
    stream.avail_out = static_cast<uInt>(room);
  }

  std::uint64_t keep(const z_stream& stream, Bytes* kept) const {
    if (kept != nullptr) kept->insert(kept->end(), out_.begin(), out_.begin() + stream.total_out);
    return stream.total_out;
  }

  int level_;
  Bytes out_;
};

}  // namespace

CodecPtr fresh_stream_codec(int level) {
  return std::make_unique<FreshStream>(level);
}

}  // namespace wd::bench
