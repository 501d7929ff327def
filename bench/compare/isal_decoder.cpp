#include <isa-l/igzip_lib.h>

#include <memory>

#include "reference_decoder.hpp"

namespace wd::bench {
namespace {

// zlib's windowBits as ISA-L's flag: with either frame its checksum is reckoned and compared.
constexpr std::uint32_t frame_of(int window_bits) {
  if (window_bits < 0) return ISAL_DEFLATE;
  return window_bits > 15 ? ISAL_GZIP : ISAL_ZLIB;
}

inflate_state* state_of(z_streamp stream) {
  return reinterpret_cast<inflate_state*>(stream->state);
}

int inflate_init2(z_streamp stream, int window_bits, const char*, int) {
  // Left as it comes: clearing 80 KiB would be most of the work for a short record.
  auto* state = new inflate_state;
  isal_inflate_init(state);
  state->crc_flag = frame_of(window_bits);
  stream->state = reinterpret_cast<internal_state*>(state);
  stream->total_out = 0;
  return Z_OK;
}

int inflate_init(z_streamp stream, const char* version, int stream_bytes) {
  return inflate_init2(stream, 15, version, stream_bytes);
}

int inflate_some(z_streamp stream, int) {
  inflate_state* state = state_of(stream);
  state->next_in = stream->next_in;
  state->avail_in = stream->avail_in;
  state->next_out = stream->next_out;
  state->avail_out = stream->avail_out;
  const int result = isal_inflate(state);
  stream->total_out += stream->avail_out - state->avail_out;
  stream->next_in = state->next_in;
  stream->avail_in = state->avail_in;
  stream->next_out = state->next_out;
  stream->avail_out = state->avail_out;
  if (result != ISAL_DECOMP_OK) return Z_DATA_ERROR;
  return state->block_state == ISAL_BLOCK_FINISH ? Z_STREAM_END : Z_OK;
}

int inflate_end(z_streamp stream) {
  delete state_of(stream);
  return Z_OK;
}

int uncompress(Bytef* plain, uLongf* plain_bytes, const Bytef* packed, uLong packed_bytes) {
  // uncompress has no place for a context that is kept, which ISA-L's callers have.
  static const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_ZLIB;
  state->next_in = const_cast<Bytef*>(packed);
  state->avail_in = static_cast<std::uint32_t>(packed_bytes);
  state->next_out = plain;
  state->avail_out = static_cast<std::uint32_t>(*plain_bytes);
  const int result = isal_inflate_stateless(state.get());
  *plain_bytes = state->total_out;
  return result == ISAL_DECOMP_OK ? Z_OK : Z_DATA_ERROR;
}

}  // namespace

ZlibAbi isal_decoder() {
  ZlibAbi abi{};
  abi.path = "isa-l";
  abi.uncompress = uncompress;
  abi.inflateInit_ = inflate_init;
  abi.inflateInit2_ = inflate_init2;
  abi.inflate = inflate_some;
  abi.inflateEnd = inflate_end;
  return abi;
}

}  // namespace wd::bench
