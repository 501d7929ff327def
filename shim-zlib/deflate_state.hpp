// The state of a compressing z_stream.
#ifndef WD_SHIM_DEFLATE_STATE_HPP_
#define WD_SHIM_DEFLATE_STATE_HPP_

#include "abi.hpp"
#include "wd/deflate_stream.hpp"

namespace wd::shim {

// With the standard allocator the state has memory of its own. With the caller's, whose every byte
// is accounted for by zlib's requests, it is confined to the first block of its arena: the
// streaming engine needs that block, and so takes over the z_stream as a whole (hand_over) when it
// starts, unless a device has begun: then the engine runs in memory of its own.
struct DeflateState {
  StateHead head;
  gz_headerp header = Z_NULL;  // the caller's, read while the header is written
  DeflateStream stream;

  DeflateState(z_streamp owner, bool confined, const Context& context, Format format,
               const DeflateParameters& parameters, const DeflateArena& arena) noexcept
      : head{owner, kDeflateMagic}, stream(context, format, parameters, arena, confined) {}
};

[[nodiscard]] inline DeflateState& deflate_state(z_streamp stream) noexcept {
  return *reinterpret_cast<DeflateState*>(stream->state);
}

// A new state for `stream`, whose allocator is settled. Z_OK or Z_MEM_ERROR.
int make_deflate_state(z_streamp stream, bool confined, Format format,
                       const DeflateParameters& parameters) noexcept;
void free_deflate_state(z_streamp stream) noexcept;

// Gives a confined, untouched stream to the private zlib, framing included, in the very memory that
// it has; the stream is marked kHandedOver from then on. Z_OK, or the code that zlib's deflateInit2
// gave.
int hand_over(z_streamp stream) noexcept;
// deflateCopy of a stream that was handed over. Only reads `from`, which several threads may be
// copying.
int copy_handed_over(z_streamp to, const z_stream* from) noexcept;

}  // namespace wd::shim

#endif  // WD_SHIM_DEFLATE_STATE_HPP_
