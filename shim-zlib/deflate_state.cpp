#include "deflate_state.hpp"

#include <cstddef>
#include <cstring>
#include <new>

#include "process.hpp"
#include "software/zlib/footprint.hpp"
#include "software/zlib/private_zlib.hpp"

namespace wd::shim {

namespace {

int window_bits_argument(Format format, int window_bits) noexcept {
  switch (format) {
    case Format::raw:
      return -window_bits;
    case Format::gzip:
      return window_bits + 16;
    default:
      return window_bits;
  }
}

}  // namespace

int make_deflate_state(z_streamp stream, bool confined, Format format,
                       const DeflateParameters& parameters) noexcept {
  const Allocator memory = allocator_of(*stream);
  DeflateArena arena;
  if (arena.reserve(memory, parameters.window_bits, parameters.memory_level) != StreamCode::ok) {
    // zlib has no words for a state that could not be had, only for what comes behind it.
    if (arena.failed_at() != 0) set_message(stream, kNoMemoryText);
    return Z_MEM_ERROR;
  }
  confined = confined && arena.block(0).bytes() >= sizeof(DeflateState);
  void* place = confined ? arena.block(0).memory : memory.take(1, sizeof(DeflateState));
  if (place == nullptr) {
    arena.release();
    return Z_MEM_ERROR;
  }
  auto* state =
      ::new (place) DeflateState(stream, confined, process_context(), format, parameters, arena);
  stream->state = reinterpret_cast<internal_state*>(state);
  return Z_OK;
}

void free_deflate_state(z_streamp stream) noexcept {
  DeflateState& state = deflate_state(stream);
  const Allocator memory = allocator_of(*stream);
  DeflateArena arena = state.stream.arena();
  const bool confined = state.stream.confined();
  state.head.magic = 0;  // a stale pointer to it is no stream any more
  arena.release(memory);
  if (!confined) memory.give_back(&state);
  stream->state = Z_NULL;
}

int hand_over(z_streamp stream) noexcept {
  DeflateState& state = deflate_state(stream);
  const gz_headerp header = state.header;
  const Format format = state.stream.format();
  const DeflateParameters parameters = state.stream.parameters();
  DeflateArena arena = state.stream.arena();
  const z_stream before = *stream;

  // From here on `state` is zlib's to overwrite.
  const Allocator feeder = arena.feeder();
  stream->zalloc = feeder.allocate;
  stream->zfree = feeder.release;
  stream->opaque = feeder.opaque;
  const int code = wdz_deflateInit2_(stream, parameters.level, Z_DEFLATED,
                                     window_bits_argument(format, parameters.window_bits),
                                     parameters.memory_level, static_cast<int>(parameters.strategy),
                                     ZLIB_VERSION, sizeof(z_stream));
  internal_state* const taken = stream->state;
  *stream = before;
  if (code != Z_OK) return code;
  stream->state = taken;
  if (header != Z_NULL) wdz_deflateSetHeader(stream, header);
  stream->state = reinterpret_cast<internal_state*>(state_bits(*stream) | kHandedOver);
  return Z_OK;
}

int copy_handed_over(z_streamp to, const z_stream* from) noexcept {
  // zlib knows neither the mark nor any stream but the one whose address begins the state. So it
  // is given a likeness of both to copy; the likeness points to the source's other memory, which
  // zlib only reads.
  alignas(std::max_align_t) std::byte state[Footprint::kMaxStateBytes];
  const std::size_t state_bytes = deflate_footprint().rows[0].item_bytes;
  std::memcpy(state, reinterpret_cast<const void*>(state_bits(*from) & ~kHandedOver), state_bytes);
  z_stream likeness = *from;
  likeness.state = reinterpret_cast<internal_state*>(state);
  z_streamp owner = nullptr;
  std::memcpy(&owner, state, sizeof(owner));
  if (owner != from) return Z_STREAM_ERROR;
  owner = &likeness;
  std::memcpy(state, &owner, sizeof(owner));

  const int code = wdz_deflateCopy(to, &likeness);
  if (code == Z_OK)
    to->state = reinterpret_cast<internal_state*>(state_bits(*to) | kHandedOver);
  else if (to->state == likeness.state)
    to->state = from->state;  // as zlib leaves it where there is no memory for a state
  return code;
}

}  // namespace wd::shim
