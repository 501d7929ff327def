// The exported inflate functions: streams of ours to inflate_calls, others to their owner.
#include <zlib.h>

#include "abi.hpp"
#include "caller.hpp"
#include "foreign.hpp"
#include "inflate_calls.hpp"

using wd::shim::forward_foreign;
using wd::shim::route;

WD_EXPORT int inflateInit_(z_streamp stream, const char* version, int stream_size) {
  return wd::shim::inflate_init2(stream, MAX_WBITS, version, stream_size);
}

WD_EXPORT int inflateInit2_(z_streamp stream, int window_bits, const char* version,
                            int stream_size) {
  if (window_bits == MAX_WBITS &&
      wd::shim::calls_for_another_zlib(WD_CALLER, wd::shim::InitFunction::inflate))
    if (auto* owner = wd::shim::next_function(inflateInit2_, "inflateInit2_", WD_CALLER))
      return owner(stream, window_bits, version, stream_size);
  return wd::shim::inflate_init2(stream, window_bits, version, stream_size);
}

WD_EXPORT int inflate(z_streamp stream, int flush) {
  const int code = wd::shim::inflate_step(stream, flush);
  // Asked afterwards: the usual call must not pay for it.
  if (code == Z_STREAM_ERROR && wd::shim::owner_of(stream) == wd::shim::Owner::foreign) [[unlikely]]
    return forward_foreign(inflate, "inflate", WD_CALLER, stream, Z_STREAM_ERROR, stream, flush);
  return code;
}

WD_EXPORT int inflateEnd(z_streamp stream) {
  return route(inflateEnd, "inflateEnd", WD_CALLER, Z_STREAM_ERROR, wd::shim::inflate_end, stream);
}

WD_EXPORT int inflateReset(z_streamp stream) {
  return route(inflateReset, "inflateReset", WD_CALLER, Z_STREAM_ERROR, wd::shim::inflate_reset,
               stream);
}

WD_EXPORT int inflateReset2(z_streamp stream, int window_bits) {
  return route(inflateReset2, "inflateReset2", WD_CALLER, Z_STREAM_ERROR, wd::shim::inflate_reset2,
               stream, window_bits);
}

WD_EXPORT int inflateResetKeep(z_streamp stream) {
  return route(inflateResetKeep, "inflateResetKeep", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_reset_keep, stream);
}

WD_EXPORT int inflateCopy(z_streamp to, z_streamp stream) {
  if (wd::shim::owner_of(stream) == wd::shim::Owner::foreign) [[unlikely]]
    return forward_foreign(inflateCopy, "inflateCopy", WD_CALLER, stream, Z_STREAM_ERROR, to,
                           stream);
  return wd::shim::inflate_copy(to, stream);
}

WD_EXPORT int inflatePrime(z_streamp stream, int bits, int value) {
  return route(inflatePrime, "inflatePrime", WD_CALLER, Z_STREAM_ERROR, wd::shim::inflate_prime,
               stream, bits, value);
}

WD_EXPORT int inflateSync(z_streamp stream) {
  return route(inflateSync, "inflateSync", WD_CALLER, Z_STREAM_ERROR, wd::shim::inflate_sync,
               stream);
}

WD_EXPORT int inflateSyncPoint(z_streamp stream) {
  return route(inflateSyncPoint, "inflateSyncPoint", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_sync_point, stream);
}

WD_EXPORT long inflateMark(z_streamp stream) {
  return route(inflateMark, "inflateMark", WD_CALLER, wd::shim::inflate_mark(Z_NULL),
               wd::shim::inflate_mark, stream);
}

WD_EXPORT int inflateSetDictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) {
  return route(inflateSetDictionary, "inflateSetDictionary", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_set_dictionary, stream, dictionary, bytes);
}

WD_EXPORT int inflateGetDictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) {
  return route(inflateGetDictionary, "inflateGetDictionary", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_get_dictionary, stream, dictionary, bytes);
}

WD_EXPORT int inflateGetHeader(z_streamp stream, gz_headerp header) {
  return route(inflateGetHeader, "inflateGetHeader", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_get_header, stream, header);
}

WD_EXPORT int inflateUndermine(z_streamp stream, int subvert) {
  return route(inflateUndermine, "inflateUndermine", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_undermine, stream, subvert);
}

WD_EXPORT int inflateValidate(z_streamp stream, int check) {
  return route(inflateValidate, "inflateValidate", WD_CALLER, Z_STREAM_ERROR,
               wd::shim::inflate_validate, stream, check);
}

WD_EXPORT unsigned long inflateCodesUsed(z_streamp stream) {
  return route(inflateCodesUsed, "inflateCodesUsed", WD_CALLER,
               wd::shim::inflate_codes_used(Z_NULL), wd::shim::inflate_codes_used, stream);
}
