#include <isa-l/igzip_lib.h>

#include <array>

#include "fail.hpp"
#include "reference_codec.hpp"

namespace wd::bench {
namespace {

// ISA-L has levels 0 to 3; its fastest is not zlib's "stored".
constexpr int isal_level(int zlib_level) {
  constexpr std::array kLevels{0, 1, 1, 2, 2, 3, 3, 3, 3, 3};
  return kLevels[static_cast<std::size_t>(zlib_level)];
}

class Isal final : public ReferenceCodec {
 public:
  explicit Isal(int zlib_level)
      : level_(isal_level(zlib_level)),
        work_memory_(ISAL_DEF_LVL3_DEFAULT),
        stream_(std::make_unique<isal_zstream>()),
        state_(std::make_unique<inflate_state>()) {}

  const char* name() const override { return "isa-l"; }
  int level() const override { return level_; }

  // Not documented by the library: its own stored blocks, with room to spare.
  std::size_t bound(std::size_t plain_bytes) const override {
    return plain_bytes + plain_bytes / 64 + 1024;
  }

  std::size_t encode(ByteView plain, Bytes& out) override {
    isal_deflate_stateless_init(stream_.get());
    stream_->level = static_cast<std::uint32_t>(level_);
    stream_->level_buf = work_memory_.data();
    stream_->level_buf_size = static_cast<std::uint32_t>(work_memory_.size());
    stream_->gzip_flag = IGZIP_ZLIB;
    stream_->end_of_stream = 1;
    stream_->next_in = const_cast<std::uint8_t*>(plain.data());
    stream_->avail_in = static_cast<std::uint32_t>(plain.size());
    stream_->next_out = out.data();
    stream_->avail_out = static_cast<std::uint32_t>(out.size());
    require(isal_deflate_stateless(stream_.get()) == COMP_OK, "isa-l could not compress");
    return stream_->total_out;
  }

  std::size_t decode(ByteView packed, Bytes& out) override {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_ZLIB;
    state_->next_in = const_cast<std::uint8_t*>(packed.data());
    state_->avail_in = static_cast<std::uint32_t>(packed.size());
    state_->next_out = out.data();
    state_->avail_out = static_cast<std::uint32_t>(out.size());
    require(isal_inflate_stateless(state_.get()) == ISAL_DECOMP_OK, "isa-l could not decompress");
    return state_->total_out;
  }

 private:
  int level_;
  Bytes work_memory_;
  std::unique_ptr<isal_zstream> stream_;
  std::unique_ptr<inflate_state> state_;
};

}  // namespace

ReferenceCodecPtr isal_reference(int level) {
  return std::make_unique<Isal>(level);
}

}  // namespace wd::bench
