#include <algorithm>

#include "codec.hpp"
#include "fail.hpp"

namespace wd::bench {
namespace {

constexpr int kMemLevel = 8;

// The windowBits that ask zlib for a format, with the largest window.
constexpr int window_bits(Format format) {
  switch (format) {
    case Format::kGzip:
      return 15 + 16;
    case Format::kRaw:
      return -15;
    case Format::kZlib:
      break;
  }
  return 15;
}

// Offers input in pieces and takes output away, for a z_stream that deflate or inflate advances.
class Pump {
 public:
  Pump(z_stream& stream, ByteView input, Bytes& out, Bytes* kept)
      : stream_(stream), input_(input), out_(out), kept_(kept) {
    give_room();
  }

  // Offers the next piece once the last one is used up.
  void offer() {
    if (stream_.avail_in != 0) return;
    const std::size_t piece = std::min(out_.size(), input_.size());
    stream_.next_in = const_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(piece);
    input_ = input_.subspan(piece);
  }

  [[nodiscard]] bool all_offered() const { return input_.empty(); }

  // Takes the output away when its room is full or the stream has ended.
  void drain(int status) {
    if (stream_.avail_out != 0 && status != Z_STREAM_END) return;
    const std::size_t made = out_.size() - stream_.avail_out;
    total_ += made;
    if (kept_ != nullptr) kept_->insert(kept_->end(), out_.begin(), out_.begin() + made);
    give_room();
  }

  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  void give_room() {
    stream_.next_out = out_.data();
    stream_.avail_out = static_cast<uInt>(out_.size());
  }

  z_stream& stream_;
  ByteView input_;
  Bytes& out_;
  Bytes* kept_;
  std::uint64_t total_ = 0;
};

class Piecewise final : public Codec {
 public:
  Piecewise(int level, Format format, std::size_t piece_bytes)
      : level_(level), format_(format), out_(piece_bytes) {}

  std::uint64_t encode(const ZlibAbi& zlib, ByteView plain, Bytes* kept) override {
    z_stream stream{};
    require(zlib.deflateInit2_(&stream, level_, Z_DEFLATED, window_bits(format_), kMemLevel,
                               Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof stream) == Z_OK,
            "deflateInit2 failed", zlib.path);
    Pump pump(stream, plain, out_, kept);
    for (int status = Z_OK; status != Z_STREAM_END;) {
      pump.offer();
      status = zlib.deflate(&stream, pump.all_offered() ? Z_FINISH : Z_NO_FLUSH);
      require(status == Z_OK || status == Z_STREAM_END, "deflate failed", zlib.path);
      pump.drain(status);
    }
    require(zlib.deflateEnd(&stream) == Z_OK, "deflateEnd failed", zlib.path);
    return pump.total();
  }

  std::uint64_t decode(const ZlibAbi& zlib, ByteView packed, std::size_t, Bytes* kept) override {
    z_stream stream{};
    require(zlib.inflateInit2_(&stream, window_bits(format_), ZLIB_VERSION, sizeof stream) == Z_OK,
            "inflateInit2 failed", zlib.path);
    Pump pump(stream, packed, out_, kept);
    for (int status = Z_OK; status != Z_STREAM_END;) {
      pump.offer();
      status = zlib.inflate(&stream, Z_NO_FLUSH);
      require(status == Z_OK || status == Z_STREAM_END, "inflate failed", zlib.path);
      pump.drain(status);
    }
    require(zlib.inflateEnd(&stream) == Z_OK, "inflateEnd failed", zlib.path);
    return pump.total();
  }

 private:
  int level_;
  Format format_;
  Bytes out_;
};

}  // namespace

CodecPtr piecewise_codec(int level, Format format, std::size_t piece_bytes) {
  return std::make_unique<Piecewise>(level, format, piece_bytes);
}

}  // namespace wd::bench
