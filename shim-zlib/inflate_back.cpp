// inflateBack: decoding by call-backs, into a window of the caller's. The private zlib does it; its
// state is marked, so that no other function takes it for its own.
#include <zlib.h>

#include "abi.hpp"
#include "context/served.hpp"
#include "foreign.hpp"
#include "process.hpp"
#include "software/zlib/private_zlib.hpp"

namespace {

using wd::shim::forward_foreign;
using wd::shim::kInflateBack;
using wd::shim::Owner;
using wd::shim::PlainState;

// What the caller's functions delivered and took, for the statistics.
struct Tally {
  in_func in;
  void* in_opaque;
  out_func out;
  void* out_opaque;
  std::uint64_t bytes_in;
  std::uint64_t bytes_out;
};

unsigned tallied_in(void* opaque, z_const unsigned char** data) {
  auto* tally = static_cast<Tally*>(opaque);
  const unsigned bytes = tally->in(tally->in_opaque, data);
  tally->bytes_in += bytes;
  return bytes;
}

int tallied_out(void* opaque, unsigned char* data, unsigned bytes) {
  auto* tally = static_cast<Tally*>(opaque);
  tally->bytes_out += bytes;
  return tally->out(tally->out_opaque, data, bytes);
}

}  // namespace

WD_EXPORT int inflateBackInit_(z_streamp stream, int window_bits, unsigned char* window,
                               const char* version, int stream_size) {
  const int code = wdz_inflateBackInit_(stream, window_bits, window, version, stream_size);
  if (code == Z_OK)
    stream->state = reinterpret_cast<internal_state*>(wd::shim::state_bits(*stream) | kInflateBack);
  return code;
}

WD_EXPORT int inflateBack(z_streamp stream, in_func in, void* in_opaque, out_func out,
                          void* out_opaque) {
  const Owner owner = wd::shim::owner_of(stream);
  if (owner == Owner::foreign) [[unlikely]]
    return forward_foreign(inflateBack, "inflateBack", __builtin_return_address(0), stream,
                           Z_STREAM_ERROR, stream, in, in_opaque, out, out_opaque);
  if (owner != Owner::inflate_back) return Z_STREAM_ERROR;
  Tally tally{in, in_opaque, out, out_opaque, stream->next_in != Z_NULL ? stream->avail_in : 0, 0};
  int code;
  {
    const PlainState plain(stream, kInflateBack);
    code = wdz_inflateBack(stream, tallied_in, &tally, tallied_out, &tally);
  }
  const std::uint64_t left = stream->next_in != Z_NULL ? stream->avail_in : 0;
  wd::count_served(wd::shim::process_context(), wd::Algorithm::inflate, wd::Engine::zlib,
                   tally.bytes_in - left, tally.bytes_out);
  return code;
}

WD_EXPORT int inflateBackEnd(z_streamp stream) {
  const Owner owner = wd::shim::owner_of(stream);
  if (owner == Owner::foreign) [[unlikely]]
    return forward_foreign(inflateBackEnd, "inflateBackEnd", __builtin_return_address(0), stream,
                           Z_STREAM_ERROR, stream);
  if (owner != Owner::inflate_back) return Z_STREAM_ERROR;
  const PlainState plain(stream, kInflateBack);
  return wdz_inflateBackEnd(stream);
}
