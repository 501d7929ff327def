#ifndef WD_BENCH_COMPARE_REFERENCE_DECODER_HPP_
#define WD_BENCH_COMPARE_REFERENCE_DECODER_HPP_

#include "zlib_abi.hpp"

namespace wd::bench {

// Other decoders of DEFLATE behind the part of zlib's ABI that decoding rows call; what they cannot
// do is null. So they do a row's own work: the same input, in the same pieces, checked as zlib's
// is.
ZlibAbi libdeflate_decoder();  // uncompress only: it has no streams
ZlibAbi isal_decoder();        // uncompress and inflate

}  // namespace wd::bench

#endif  // WD_BENCH_COMPARE_REFERENCE_DECODER_HPP_
