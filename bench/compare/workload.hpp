#ifndef WD_BENCH_COMPARE_WORKLOAD_HPP_
#define WD_BENCH_COMPARE_WORKLOAD_HPP_

#include <cstdint>
#include <memory>
#include <vector>

#include "codec.hpp"
#include "corpus.hpp"
#include "zlib_abi.hpp"

namespace wd::bench {

// The same work for either library. Holds its input, so that a run does nothing else.
class Workload {
 public:
  Workload() = default;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;
  virtual ~Workload() = default;

  // Does the whole sample once. Returns the bytes that came out (for checksums: the sum).
  virtual std::uint64_t run(const ZlibAbi& zlib) = 0;

  // Does it once and ends the program if a result is wrong. `judge` decodes what was encoded.
  virtual void verify(const ZlibAbi& zlib, const ZlibAbi& judge) = 0;

  // Plain bytes that one run reads or makes: what speed is reckoned in.
  [[nodiscard]] virtual std::uint64_t plain_bytes() const = 0;
};

using WorkloadPtr = std::unique_ptr<Workload>;

// Encoding each buffer, and decoding what `encoder` made of each.
WorkloadPtr encoding(CodecPtr codec, std::vector<ByteView> buffers);
WorkloadPtr decoding(CodecPtr codec, std::vector<ByteView> buffers, const ZlibAbi& encoder);

// Checksums of `length_bytes` each, `offset_bytes` past an aligned address.
enum class Checksum { kCrc32, kAdler32 };
WorkloadPtr checksums(Checksum kind, ByteView content, std::size_t length_bytes,
                      std::size_t offset_bytes);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_WORKLOAD_HPP_
