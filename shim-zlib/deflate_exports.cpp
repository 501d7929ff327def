// The exported deflate functions: streams of ours to deflate_calls, others to their owner.
#include <zlib.h>

#include "abi.hpp"
#include "caller.hpp"
#include "deflate_calls.hpp"
#include "foreign.hpp"

using wd::shim::forward_foreign;
using wd::shim::route;

WD_EXPORT int deflateInit_(z_streamp stream, int level, const char* version, int stream_size) {
  return wd::shim::deflate_init2(stream, level, Z_DEFLATED, MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
                                 version, stream_size);
}

WD_EXPORT int deflateInit2_(z_streamp stream, int level, int method, int window_bits,
                            int memory_level, int strategy, const char* version, int stream_size) {
  const bool defaults = method == Z_DEFLATED && window_bits == MAX_WBITS && memory_level == 8 &&
                        strategy == Z_DEFAULT_STRATEGY;
  if (defaults && wd::shim::calls_for_another_zlib(WD_CALLER, wd::shim::InitFunction::deflate))
    if (auto* owner = wd::shim::next_function(deflateInit2_, "deflateInit2_", WD_CALLER))
      return owner(stream, level, method, window_bits, memory_level, strategy, version,
                   stream_size);
  return wd::shim::deflate_init2(stream, level, method, window_bits, memory_level, strategy,
                                 version, stream_size);
}

WD_EXPORT int deflate(z_streamp stream, int flush) {
  return route(deflate, "deflate", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_step, stream,
               flush);
}

WD_EXPORT int deflateEnd(z_streamp stream) {
  return route(deflateEnd, "deflateEnd", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_end, stream);
}

WD_EXPORT int deflateReset(z_streamp stream) {
  return route(deflateReset, "deflateReset", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_reset,
               stream);
}

WD_EXPORT int deflateResetKeep(z_streamp stream) {
  return route(deflateResetKeep, "deflateResetKeep", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::deflate_reset_keep, stream);
}

WD_EXPORT int deflateCopy(z_streamp to, z_streamp from) {
  if (wd::shim::owner_of(from) == wd::shim::Owner::foreign) [[unlikely]]
    return forward_foreign(deflateCopy, "deflateCopy", WD_CALLER, from, Z_STREAM_ERROR, to, from);
  return wd::shim::deflate_copy(to, from);
}

WD_EXPORT int deflateParams(z_streamp stream, int level, int strategy) {
  return route(deflateParams, "deflateParams", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_params,
               stream, level, strategy);
}

WD_EXPORT int deflateTune(z_streamp stream, int good, int lazy, int nice, int chain) {
  return route(deflateTune, "deflateTune", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_tune,
               stream, good, lazy, nice, chain);
}

WD_EXPORT int deflatePrime(z_streamp stream, int bits, int value) {
  return route(deflatePrime, "deflatePrime", WD_CALLER, Z_STREAM_ERROR, wd::shim::deflate_prime,
               stream, bits, value);
}

WD_EXPORT int deflatePending(z_streamp stream, unsigned* bytes, int* bits) {
  return route(deflatePending, "deflatePending", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::deflate_pending, stream, bytes, bits);
}

WD_EXPORT int deflateSetDictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) {
  return route(deflateSetDictionary, "deflateSetDictionary", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::deflate_set_dictionary, stream, dictionary, bytes);
}

WD_EXPORT int deflateGetDictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) {
  return route(deflateGetDictionary, "deflateGetDictionary", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::deflate_get_dictionary, stream, dictionary, bytes);
}

WD_EXPORT int deflateSetHeader(z_streamp stream, gz_headerp header) {
  return route(deflateSetHeader, "deflateSetHeader", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::deflate_set_header, stream, header);
}

WD_EXPORT uLong deflateBound(z_streamp stream, uLong bytes) {
  return route(deflateBound, "deflateBound", WD_CALLER, wd::shim::deflate_bound(Z_NULL, bytes),
               wd::shim::deflate_bound, stream, bytes);
}
