#include "inflate_calls.hpp"

#include <new>

#include "abi.hpp"
#include "gzip_header.hpp"
#include "process.hpp"
#include "wd/inflate_stream.hpp"

namespace wd::shim {

namespace {

// The state of a decompressing z_stream, in memory from its own allocator.
struct InflateState {
  StateHead head;
  gz_headerp header = Z_NULL;  // the caller's, filled while the header is read
  InflateStream stream;

  explicit InflateState(z_streamp owner) noexcept
      : head{owner, kInflateMagic}, stream(process_context()) {}
};

InflateState* inflate_state(z_streamp stream) noexcept {
  return state_of<InflateState>(stream, kInflateMagic);
}

struct Wrapping {
  Format format;
  int window_bits;
  bool valid;
};

// windowBits as inflateInit2 takes it: negative is raw, 16 more gzip, 32 more either; 0 is the size
// that a zlib header names.
Wrapping unwrap(int window_bits) noexcept {
  Wrapping wrapping{Format::raw, -window_bits, true};
  if (window_bits >= 0) {
    constexpr Format kFormats[] = {Format::zlib, Format::gzip, Format::automatic};
    wrapping.window_bits = window_bits < 48 ? window_bits & 15 : window_bits;
    wrapping.format = window_bits < 48 ? kFormats[window_bits >> 4] : Format::automatic;
  }
  wrapping.valid = wrapping.window_bits == 0 ? window_bits >= 0
                                             : wrapping.window_bits >= kMinWindowBits &&
                                                   wrapping.window_bits <= kMaxWindowBits;
  return wrapping;
}

void show_start(z_streamp stream, const InflateState& state) noexcept {
  stream->total_in = stream->total_out = 0;
  stream->msg = Z_NULL;
  if (state.stream.adler_changed()) stream->adler = state.stream.adler();
}

// The numbers that inflate() tells apart; all others are as good as none.
Flush flush_of(int flush) noexcept {
  return flush >= Z_NO_FLUSH && flush <= Z_TREES ? static_cast<Flush>(flush) : Flush::none;
}

InflateStream::Step run(z_streamp stream, InflateState& state, int flush) noexcept {
  const auto step = [&](GzipHeader* header) {
    return state.stream.run(stream->next_in, stream->avail_in, stream->next_out, stream->avail_out,
                            flush_of(flush), header);
  };
  if (state.header == Z_NULL || !state.stream.reads_header()) [[likely]]
    return step(nullptr);
  GzipHeader header = load_header(*state.header);
  const InflateStream::Step done = step(&header);
  store_header(header, *state.header);
  // Read, or found to be none: the caller may take its memory away.
  if (header.done != 0) state.header = Z_NULL;
  return done;
}

}  // namespace

int inflate_init2(z_streamp stream, int window_bits, const char* version,
                  int stream_size) noexcept {
  if (!version_matches(version, stream_size)) return Z_VERSION_ERROR;
  if (stream == Z_NULL) return Z_STREAM_ERROR;
  stream->msg = Z_NULL;
  settle_allocator(stream);
  const Wrapping wrapping = unwrap(window_bits);
  stream->state = Z_NULL;
  if (!wrapping.valid) return Z_STREAM_ERROR;
  const Allocator memory = allocator_of(*stream);
  void* place = memory.take(1, sizeof(InflateState));
  if (place == nullptr) return Z_MEM_ERROR;
  auto* state = ::new (place) InflateState(stream);
  const StreamCode code = state->stream.open(wrapping.format, wrapping.window_bits, memory);
  if (code != StreamCode::ok) {
    memory.give_back(place);
    return static_cast<int>(code);
  }
  stream->state = reinterpret_cast<internal_state*>(state);
  show_start(stream, *state);
  return Z_OK;
}

void inflate_keep_to_software(z_streamp stream) noexcept {
  inflate_state(stream)->stream.keep_to_software();
}

int inflate_step(z_streamp stream, int flush) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr || stream->next_out == Z_NULL ||
      (stream->next_in == Z_NULL && stream->avail_in != 0))
    return Z_STREAM_ERROR;
  InflateStream::Step step = state->stream.pass(stream->next_in, stream->avail_in, stream->next_out,
                                                stream->avail_out, flush_of(flush));
  if (step.consumed == 0) {
    state->stream.use_memory(allocator_of(*stream));  // zlib, too, looks at it anew each time
    step = run(stream, *state, flush);
  }
  advance(stream, step.consumed, step.produced);
  if (step.counted) {
    count(stream, step.consumed, step.produced);
    stream->data_type = state->stream.data_type();
  }
  if (state->stream.adler_changed()) stream->adler = state->stream.adler();
  if (step.code == StreamCode::data_error) set_message(stream, state->stream.message());
  return static_cast<int>(step.code);
}

int inflate_end(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  state->stream.use_memory(allocator_of(*stream));
  state->stream.close();
  state->head.magic = 0;  // a stale pointer to it is no stream any more
  stream->zfree(stream->opaque, state);
  stream->state = Z_NULL;
  return Z_OK;
}

int inflate_reset(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  state->header = Z_NULL;
  const StreamCode code = state->stream.reset();
  show_start(stream, *state);
  return static_cast<int>(code);
}

int inflate_reset2(z_streamp stream, int window_bits) noexcept {
  InflateState* state = inflate_state(stream);
  const Wrapping wrapping = unwrap(window_bits);
  if (state == nullptr || !wrapping.valid) return Z_STREAM_ERROR;
  state->header = Z_NULL;
  const StreamCode code = state->stream.reset(wrapping.format, wrapping.window_bits);
  show_start(stream, *state);
  return static_cast<int>(code);
}

int inflate_reset_keep(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  state->header = Z_NULL;
  const StreamCode code = state->stream.reset_keep_history();
  show_start(stream, *state);
  return static_cast<int>(code);
}

int inflate_copy(z_streamp to, z_streamp from) noexcept {
  InflateState* source = inflate_state(from);
  if (source == nullptr || to == Z_NULL) return Z_STREAM_ERROR;
  const Allocator memory = allocator_of(*from);
  void* place = memory.take(1, sizeof(InflateState));
  if (place == nullptr) return Z_MEM_ERROR;
  auto* copy = ::new (place) InflateState(to);
  const StreamCode code = copy->stream.copy_from(source->stream, memory);
  if (code != StreamCode::ok) {
    memory.give_back(place);
    return static_cast<int>(code);
  }
  copy->header = source->header;
  *to = *from;
  to->state = reinterpret_cast<internal_state*>(copy);
  return Z_OK;
}

int inflate_prime(z_streamp stream, int bits, int value) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  return static_cast<int>(state->stream.prime(bits, value));
}

int inflate_sync(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  const InflateStream::Step step = state->stream.sync(stream->next_in, stream->avail_in);
  advance(stream, step.consumed, 0);
  count(stream, step.consumed, 0);
  if (step.code == StreamCode::ok) {
    stream->msg = Z_NULL;
    state->header = Z_NULL;
    if (state->stream.adler_changed()) stream->adler = state->stream.adler();
  }
  return static_cast<int>(step.code);
}

int inflate_sync_point(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  return state->stream.at_sync_point() ? 1 : 0;
}

long inflate_mark(z_streamp stream) noexcept {
  constexpr long kNoMark = -65536;
  InflateState* state = inflate_state(stream);
  return state == nullptr ? kNoMark : state->stream.mark();
}

int inflate_set_dictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  return static_cast<int>(state->stream.set_dictionary(dictionary, bytes));
}

int inflate_get_dictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  return static_cast<int>(state->stream.get_dictionary(dictionary, bytes));
}

int inflate_get_header(z_streamp stream, gz_headerp header) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr || !state->stream.may_be_gzip()) return Z_STREAM_ERROR;
  state->header = header;
  header->done = 0;
  return Z_OK;
}

// zlib, built as everybody builds it, refuses to be undermined.
int inflate_undermine(z_streamp stream, int) noexcept {
  return inflate_state(stream) == nullptr ? Z_STREAM_ERROR : Z_DATA_ERROR;
}

int inflate_validate(z_streamp stream, int check) noexcept {
  InflateState* state = inflate_state(stream);
  if (state == nullptr) return Z_STREAM_ERROR;
  state->stream.set_verify(check != 0);
  return Z_OK;
}

unsigned long inflate_codes_used(z_streamp stream) noexcept {
  InflateState* state = inflate_state(stream);
  return state == nullptr ? ~0ul : state->stream.codes_used();
}

}  // namespace wd::shim
