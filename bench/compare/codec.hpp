#ifndef WD_BENCH_COMPARE_CODEC_HPP_
#define WD_BENCH_COMPARE_CODEC_HPP_

#include <cstdint>
#include <memory>

#include "corpus.hpp"
#include "zlib_abi.hpp"

namespace wd::bench {

enum class Format { kZlib, kGzip, kRaw };

// One way in which programs use zlib, for one buffer at a time. Holds the memory that the
// results go to. What came out is also appended to `*kept`, if given (results are checked in a
// run that is not timed); returned is how much it was. A failing call ends the program.
class Codec {
 public:
  Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  virtual ~Codec() = default;

  virtual std::uint64_t encode(const ZlibAbi& zlib, ByteView plain, Bytes* kept) = 0;
  virtual std::uint64_t decode(const ZlibAbi& zlib, ByteView packed, std::size_t plain_bytes,
                               Bytes* kept) = 0;
};

using CodecPtr = std::unique_ptr<Codec>;

// compress2() and uncompress().
CodecPtr one_shot_codec(int level);

// A fresh stream for each buffer, with one call: Init, Z_FINISH, End.
CodecPtr fresh_stream_codec(int level);

// A stream moved in pieces: input offered and output room are both `piece_bytes`, and the output
// goes to the same memory again and again.
CodecPtr piecewise_codec(int level, Format format, std::size_t piece_bytes);

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_CODEC_HPP_
