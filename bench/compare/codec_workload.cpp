#include <algorithm>

#include "fail.hpp"
#include "workload.hpp"

namespace wd::bench {
namespace {

class Encoding final : public Workload {
 public:
  Encoding(CodecPtr codec, std::vector<ByteView> buffers)
      : codec_(std::move(codec)), buffers_(std::move(buffers)) {}

  std::uint64_t run(const ZlibAbi& zlib) override {
    std::uint64_t packed = 0;
    for (const ByteView plain : buffers_) packed += codec_->encode(zlib, plain, nullptr);
    return packed;
  }

  void verify(const ZlibAbi& zlib, const ZlibAbi& judge) override {
    for (const ByteView plain : buffers_) {
      Bytes packed;
      codec_->encode(zlib, plain, &packed);
      Bytes back;
      codec_->decode(judge, packed, plain.size(), &back);
      require(std::ranges::equal(back, plain), "encoded something else", zlib.path);
    }
  }

  std::uint64_t plain_bytes() const override { return total_bytes(buffers_); }

 private:
  CodecPtr codec_;
  std::vector<ByteView> buffers_;
};

class Decoding final : public Workload {
 public:
  Decoding(CodecPtr codec, std::vector<ByteView> buffers, const ZlibAbi& encoder)
      : codec_(std::move(codec)), buffers_(std::move(buffers)), packed_(buffers_.size()) {
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
      codec_->encode(encoder, buffers_[i], &packed_[i]);
    }
  }

  std::uint64_t run(const ZlibAbi& zlib) override {
    std::uint64_t plain = 0;
    for (std::size_t i = 0; i < packed_.size(); ++i) {
      plain += codec_->decode(zlib, packed_[i], buffers_[i].size(), nullptr);
    }
    return plain;
  }

  void verify(const ZlibAbi& zlib, const ZlibAbi&) override {
    for (std::size_t i = 0; i < packed_.size(); ++i) {
      Bytes back;
      codec_->decode(zlib, packed_[i], buffers_[i].size(), &back);
      require(std::ranges::equal(back, buffers_[i]), "decoded something else", zlib.path);
    }
  }

  std::uint64_t plain_bytes() const override { return total_bytes(buffers_); }

 private:
  CodecPtr codec_;
  std::vector<ByteView> buffers_;
  std::vector<Bytes> packed_;
};

}  // namespace

WorkloadPtr encoding(CodecPtr codec, std::vector<ByteView> buffers) {
  return std::make_unique<Encoding>(std::move(codec), std::move(buffers));
}

WorkloadPtr decoding(CodecPtr codec, std::vector<ByteView> buffers, const ZlibAbi& encoder) {
  return std::make_unique<Decoding>(std::move(codec), std::move(buffers), encoder);
}

}  // namespace wd::bench
