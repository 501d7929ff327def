// inflateBack: decoding by call-backs, into a window of the caller's.
#include <zlib.h>

#include <new>

#include "abi.hpp"
#include "context/served.hpp"
#include "foreign.hpp"
#include "process.hpp"
#include "software/inflate/back_decoder.hpp"

namespace {

using wd::StreamCode;
using wd::inflate::BackDecoder;
using wd::shim::forward_foreign;
using wd::shim::kInflateBackMagic;
using wd::shim::Owner;
using wd::shim::StateHead;

struct InflateBackState {
  StateHead head;  // zlib lets such a stream move: the owner is not asked for
  BackDecoder decoder;

  InflateBackState(z_streamp owner, unsigned char* window, int window_bits) noexcept
      : head{owner, kInflateBackMagic}, decoder(window, window_bits) {}
};

InflateBackState& state_of(const z_stream& stream) noexcept {
  return *reinterpret_cast<InflateBackState*>(stream.state);
}

}  // namespace

WD_EXPORT int inflateBackInit_(z_streamp stream, int window_bits, unsigned char* window,
                               const char* version, int stream_size) {
  if (!wd::shim::version_matches(version, stream_size)) return Z_VERSION_ERROR;
  if (stream == Z_NULL || window == Z_NULL || window_bits < wd::kMinWindowBits ||
      window_bits > wd::kMaxWindowBits)
    return Z_STREAM_ERROR;
  stream->msg = Z_NULL;
  wd::shim::settle_allocator(stream);
  void* place = wd::shim::allocator_of(*stream).take(1, sizeof(InflateBackState));
  if (place == nullptr) return Z_MEM_ERROR;
  stream->state = reinterpret_cast<internal_state*>(
      ::new (place) InflateBackState(stream, window, window_bits));
  return Z_OK;
}

WD_EXPORT int inflateBack(z_streamp stream, in_func in, void* in_opaque, out_func out,
                          void* out_opaque) {
  const Owner owner = wd::shim::owner_of(stream);
  if (owner == Owner::foreign) [[unlikely]]
    return forward_foreign(inflateBack, "inflateBack", __builtin_return_address(0), stream,
                           Z_STREAM_ERROR, stream, in, in_opaque, out, out_opaque);
  if (owner != Owner::inflate_back) return Z_STREAM_ERROR;
  BackDecoder& decoder = state_of(*stream).decoder;
  stream->msg = Z_NULL;
  BackDecoder::Input input{stream->next_in, stream->next_in != Z_NULL ? stream->avail_in : 0};
  std::uint64_t bytes_in = input.bytes;
  std::uint64_t bytes_out = 0;
  const StreamCode code = decoder.run(
      input,
      [&]() -> BackDecoder::Input {
        z_const unsigned char* data = Z_NULL;
        const unsigned bytes = in(in_opaque, &data);
        bytes_in += bytes;
        return {data, bytes};
      },
      [&](unsigned char* data, std::size_t bytes) {
        bytes_out += bytes;
        return out(out_opaque, data, static_cast<unsigned>(bytes)) != 0;
      });
  stream->next_in = const_cast<z_const Bytef*>(input.next);
  stream->avail_in = static_cast<uInt>(input.bytes);
  if (code == StreamCode::data_error) wd::shim::set_message(stream, decoder.message());
  wd::count_served(wd::shim::process_context(), wd::Algorithm::inflate, wd::Engine::inflate,
                   bytes_in - input.bytes, bytes_out);
  return static_cast<int>(code);
}

WD_EXPORT int inflateBackEnd(z_streamp stream) {
  const Owner owner = wd::shim::owner_of(stream);
  if (owner == Owner::foreign) [[unlikely]]
    return forward_foreign(inflateBackEnd, "inflateBackEnd", __builtin_return_address(0), stream,
                           Z_STREAM_ERROR, stream);
  if (owner != Owner::inflate_back) return Z_STREAM_ERROR;
  state_of(*stream).head.magic = 0;  // a stale pointer to it is no stream any more
  stream->zfree(stream->opaque, stream->state);
  stream->state = Z_NULL;
  return Z_OK;
}
