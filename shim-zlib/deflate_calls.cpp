#include "deflate_calls.hpp"

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "abi.hpp"
#include "context/served.hpp"
#include "deflate_state.hpp"
#include "gzip_header.hpp"
#include "process.hpp"
#include "software/zlib/private_zlib.hpp"

namespace wd::shim {

namespace {

int fail(z_streamp stream, int code) noexcept {
  set_message(stream, code == Z_BUF_ERROR ? kBufferErrorText : kStreamErrorText);
  return code;
}

// The caller's header while it is being written, in the core's form.
class HeaderView {
 public:
  explicit HeaderView(const DeflateState& state) noexcept {
    if (state.header == Z_NULL || !state.stream.writes_header()) return;
    header_ = load_header(*state.header);
    present_ = true;
  }
  [[nodiscard]] const GzipHeader* get() const noexcept { return present_ ? &header_ : nullptr; }

 private:
  GzipHeader header_;
  bool present_ = false;
};

void show_check(z_streamp stream, const DeflateState& state) noexcept {
  if (state.stream.format() != Format::raw) stream->adler = state.stream.check();
}

void show(z_streamp stream, const DeflateState& state) noexcept {
  show_check(stream, state);
  stream->data_type = state.stream.data_type();
  if (state.stream.message() != nullptr) set_message(stream, state.stream.message());
}

void show_start(z_streamp stream, const DeflateState& state) noexcept {
  stream->total_in = stream->total_out = 0;
  stream->msg = Z_NULL;
  stream->data_type = Z_UNKNOWN;
  stream->adler = state.stream.check();
}

// A stream for a function that only the streaming engine has: one that is confined goes to the
// private zlib for it. Behind its end it answers by itself.
Owner owner_for_engine(z_streamp stream) noexcept {
  const Owner owner = owner_of(stream);
  if (owner != Owner::deflate || !deflate_state(stream).stream.confined()) return owner;
  if (!deflate_state(stream).stream.untouched()) return owner;
  return hand_over(stream) == Z_OK ? Owner::handed_over : Owner::nobody;
}

// A function of the private zlib on a stream that was handed over to it.
template <class Return, class... Parameters>
Return plainly(Return (*function)(z_streamp, Parameters...), z_streamp stream,
               std::type_identity_t<Parameters>... arguments) noexcept {
  const PlainState plain(stream, kHandedOver);
  return function(stream, arguments...);
}

int step_handed_over(z_streamp stream, int flush) noexcept {
  const uInt in_before = stream->avail_in;
  const uInt out_before = stream->avail_out;
  const int code = plainly(wdz_deflate, stream, flush);
  count_served(process_context(), Algorithm::deflate, Engine::zlib, in_before - stream->avail_in,
               out_before - stream->avail_out);
  return code;
}

struct Wrapping {
  Format format;
  int window_bits;
};

// windowBits as deflateInit2 takes it: negative is raw, 16 more is gzip.
Wrapping unwrap(int window_bits) noexcept {
  if (window_bits < 0) return {Format::raw, window_bits < -kMaxWindowBits ? 0 : -window_bits};
  if (window_bits > kMaxWindowBits) return {Format::gzip, window_bits - 16};
  return {Format::zlib, window_bits};
}

bool valid(const Wrapping& wrapping, int level, int method, int memory_level,
           int strategy) noexcept {
  return memory_level >= kMinMemoryLevel && memory_level <= kMaxMemoryLevel &&
         method == Z_DEFLATED && wrapping.window_bits >= kMinWindowBits &&
         wrapping.window_bits <= kMaxWindowBits && level >= kMinLevel && level <= kMaxLevel &&
         strategy >= 0 && strategy <= Z_FIXED &&
         !(wrapping.window_bits == kMinWindowBits && wrapping.format != Format::zlib);
}

}  // namespace

int deflate_init2(z_streamp stream, int level, int method, int window_bits, int memory_level,
                  int strategy, const char* version, int stream_size) noexcept {
  if (!version_matches(version, stream_size)) return Z_VERSION_ERROR;
  if (stream == Z_NULL) return Z_STREAM_ERROR;
  stream->msg = Z_NULL;
  const bool own_allocator = settle_allocator(stream);
  if (level == Z_DEFAULT_COMPRESSION) level = kDefaultLevel;
  const Wrapping wrapping = unwrap(window_bits);
  if (!valid(wrapping, level, method, memory_level, strategy)) return Z_STREAM_ERROR;
  const DeflateParameters parameters{
      .level = level,
      .window_bits = std::max(wrapping.window_bits, 9),  // zlib, too, has no smaller one
      .memory_level = memory_level,
      .strategy = static_cast<Strategy>(strategy)};
  const int code = make_deflate_state(stream, own_allocator, wrapping.format, parameters);
  if (code != Z_OK) {
    stream->state = Z_NULL;
    return code;
  }
  show_start(stream, deflate_state(stream));
  return Z_OK;
}

int deflate_step(z_streamp stream, int flush) noexcept {
  const Owner owner = owner_of(stream);
  if (owner == Owner::handed_over) return step_handed_over(stream, flush);
  if (owner != Owner::deflate || flush < 0 || flush > Z_BLOCK) return Z_STREAM_ERROR;
  if (stream->next_out == Z_NULL || (stream->avail_in != 0 && stream->next_in == Z_NULL))
    return fail(stream, Z_STREAM_ERROR);
  DeflateState& state = deflate_state(stream);
  const HeaderView header(state);
  const DeflateStream::Step step =
      state.stream.run(stream->next_in, stream->avail_in, stream->next_out, stream->avail_out,
                       static_cast<Flush>(flush), header.get());
  if (step.code == StreamCode::no_memory && state.stream.confined() && state.stream.untouched()) {
    const int code = hand_over(stream);
    return code == Z_OK ? step_handed_over(stream, flush) : code;
  }
  advance(stream, step.consumed, step.produced);
  count(stream, step.consumed, step.produced);
  show(stream, state);
  return static_cast<int>(step.code);
}

int deflate_end(z_streamp stream) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateEnd, stream);
    case Owner::deflate: {
      const StreamCode code = deflate_state(stream).stream.close();
      free_deflate_state(stream);
      return static_cast<int>(code);
    }
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_reset(z_streamp stream) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateReset, stream);
    case Owner::deflate:
      deflate_state(stream).stream.reset();
      show_start(stream, deflate_state(stream));
      return Z_OK;
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_reset_keep(z_streamp stream) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateResetKeep, stream);
    case Owner::deflate:
      deflate_state(stream).stream.reset_keep_history();
      show_start(stream, deflate_state(stream));
      return Z_OK;
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_copy(z_streamp to, z_streamp from) noexcept {
  const Owner owner = owner_of(from);
  if (to == Z_NULL) return Z_STREAM_ERROR;
  if (owner == Owner::handed_over) return copy_handed_over(to, from);
  if (owner != Owner::deflate) return Z_STREAM_ERROR;
  DeflateState& source = deflate_state(from);
  *to = *from;
  to->state = Z_NULL;
  const int made = make_deflate_state(to, source.stream.confined(), source.stream.format(),
                                      source.stream.parameters());
  if (made != Z_OK) return made;
  deflate_state(to).header = source.header;
  const StreamCode copied = deflate_state(to).stream.copy_from(source.stream);
  if (copied != StreamCode::ok) free_deflate_state(to);
  return static_cast<int>(copied);
}

int deflate_params(z_streamp stream, int level, int strategy) noexcept {
  if (level == Z_DEFAULT_COMPRESSION) level = kDefaultLevel;
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateParams, stream, level, strategy);
    case Owner::deflate:
      break;
    default:
      return Z_STREAM_ERROR;
  }
  if (level < kMinLevel || level > kMaxLevel || strategy < 0 || strategy > Z_FIXED)
    return Z_STREAM_ERROR;
  DeflateState& state = deflate_state(stream);
  const HeaderView header(state);
  // In mid-stream this compresses what there is, for which the buffers must be sound, as in
  // deflate().
  if (state.stream.would_flush(level, static_cast<Strategy>(strategy)) &&
      (stream->next_out == Z_NULL || (stream->avail_in != 0 && stream->next_in == Z_NULL)))
    return fail(stream, Z_STREAM_ERROR);
  const DeflateStream::Step step = state.stream.set_parameters(
      level, static_cast<Strategy>(strategy), stream->next_in, stream->avail_in, stream->next_out,
      stream->avail_out, header.get());
  advance(stream, step.consumed, step.produced);
  count(stream, step.consumed, step.produced);
  show(stream, state);
  return static_cast<int>(step.code);
}

int deflate_tune(z_streamp stream, int good, int lazy, int nice, int chain) noexcept {
  switch (owner_for_engine(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateTune, stream, good, lazy, nice, chain);
    case Owner::deflate:
      return static_cast<int>(deflate_state(stream).stream.tune({good, lazy, nice, chain}));
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_prime(z_streamp stream, int bits, int value) noexcept {
  switch (owner_for_engine(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflatePrime, stream, bits, value);
    case Owner::deflate:
      return static_cast<int>(deflate_state(stream).stream.prime(bits, value));
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_pending(z_streamp stream, unsigned* bytes, int* bits) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflatePending, stream, bytes, bits);
    case Owner::deflate:
      deflate_state(stream).stream.pending(bytes, bits);
      return Z_OK;
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_set_dictionary(z_streamp stream, const Bytef* dictionary, uInt bytes) noexcept {
  if (dictionary == Z_NULL) return Z_STREAM_ERROR;
  switch (owner_for_engine(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateSetDictionary, stream, dictionary, bytes);
    case Owner::deflate: {
      DeflateState& state = deflate_state(stream);
      const StreamCode code = state.stream.set_dictionary(dictionary, bytes);
      if (code != StreamCode::ok) return static_cast<int>(code);
      // zlib counts as input what it keeps of a dictionary.
      stream->total_in += std::min(bytes, 1u << state.stream.parameters().window_bits);
      show_check(stream, state);
      return Z_OK;
    }
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_get_dictionary(z_streamp stream, Bytef* dictionary, uInt* bytes) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateGetDictionary, stream, dictionary, bytes);
    case Owner::deflate:
      return static_cast<int>(deflate_state(stream).stream.get_dictionary(dictionary, bytes));
    default:
      return Z_STREAM_ERROR;
  }
}

int deflate_set_header(z_streamp stream, gz_headerp header) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateSetHeader, stream, header);
    case Owner::deflate:
      if (deflate_state(stream).stream.format() != Format::gzip) return Z_STREAM_ERROR;
      deflate_state(stream).header = header;
      return Z_OK;
    default:
      return Z_STREAM_ERROR;
  }
}

uLong deflate_bound(z_streamp stream, uLong bytes) noexcept {
  switch (owner_of(stream)) {
    case Owner::handed_over:
      return plainly(wdz_deflateBound, stream, bytes);
    case Owner::deflate: {
      const DeflateState& state = deflate_state(stream);
      GzipHeader header;
      if (state.header != Z_NULL) header = load_header(*state.header);
      return state.stream.bound(bytes, state.header != Z_NULL ? &header : nullptr);
    }
    default:
      return wdz_deflateBound(Z_NULL, bytes);  // parameters unknown: the largest
  }
}

}  // namespace wd::shim
