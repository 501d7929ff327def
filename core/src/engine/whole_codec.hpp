// The narrow waist for whole buffers: an engine that compresses one raw DEFLATE body with all input
// and enough output at hand. Rows of function pointers, no state of their own; tools come from the
// thread's scratch.
#ifndef WD_ENGINE_WHOLE_CODEC_HPP_
#define WD_ENGINE_WHOLE_CODEC_HPP_

#include <cstddef>
#include <cstdint>

#include "base/thread_scratch.hpp"
#include "wd/statistics.hpp"
#include "wd/version.hpp"

WD_NAMESPACE_BEGIN

enum class WholeVerdict : std::uint8_t {
  done,
  does_not_fit,  // the output is too small
  refused,       // no memory: another engine must do it
};

struct WholeResult {
  WholeVerdict verdict;
  std::size_t consumed;
  std::size_t produced;
};

struct WholeCodec {
  Engine engine;
  // `level` is zlib's, 1 to 9. The body ends on a byte border.
  WholeResult (*deflate)(BorrowedScratch& scratch, int level, const std::uint8_t* in,
                         std::size_t in_bytes, std::uint8_t* out, std::size_t out_bytes) noexcept;
  // Whether its output is of the size that zlib's would be. Looks at a sample.
  bool (*suits)(const std::uint8_t* in, std::size_t in_bytes) noexcept;
  // The most that deflate() can make of `in_bytes`.
  std::size_t (*bound)(std::size_t in_bytes) noexcept;
};

// A body of stored blocks: what is left when an engine's output would exceed zlib's bound, which
// stored blocks never do. Zero if even that does not fit. Without `last` another block follows.
std::size_t store_whole(const std::uint8_t* in, std::size_t in_bytes, std::uint8_t* out,
                        std::size_t out_bytes, bool last = true) noexcept;

WD_NAMESPACE_END

#endif  // WD_ENGINE_WHOLE_CODEC_HPP_
