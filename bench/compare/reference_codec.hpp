#ifndef WD_BENCH_COMPARE_REFERENCE_CODEC_HPP_
#define WD_BENCH_COMPARE_REFERENCE_CODEC_HPP_

#include <cstdint>
#include <memory>

#include "corpus.hpp"

namespace wd::bench {

// Another library's one-shot compression, called as its own manual says: a context is kept from
// call to call. Shown beside the two that are compared; no figure is required of it. Where others
// decode what zlib made, they do so as a ZlibAbi (reference_decoder.hpp).
class ReferenceCodec {
 public:
  ReferenceCodec() = default;
  ReferenceCodec(const ReferenceCodec&) = delete;
  ReferenceCodec& operator=(const ReferenceCodec&) = delete;
  virtual ~ReferenceCodec() = default;

  [[nodiscard]] virtual const char* name() const = 0;
  // The library's own level that stands for zlib's.
  [[nodiscard]] virtual int level() const = 0;
  // Most that encode() may make.
  [[nodiscard]] virtual std::size_t bound(std::size_t plain_bytes) const = 0;
  // Both return how much came out; a failing call ends the program.
  virtual std::size_t encode(ByteView plain, Bytes& out) = 0;
  virtual std::size_t decode(ByteView packed, Bytes& out) = 0;
};

using ReferenceCodecPtr = std::unique_ptr<ReferenceCodec>;

// `level` is zlib's.
ReferenceCodecPtr libdeflate_reference(int level);
ReferenceCodecPtr isal_reference(int level);
ReferenceCodecPtr zstd_reference(int level);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_REFERENCE_CODEC_HPP_
