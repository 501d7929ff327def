// RawDeflate on the private zlib.
#include "wd/raw_deflate.hpp"

#include <algorithm>
#include <new>

#include "software/zlib/private_zlib.hpp"

WD_NAMESPACE_BEGIN

namespace {

z_stream* stream_of(std::byte* engine) noexcept {
  return std::launder(reinterpret_cast<z_stream*>(engine));
}

// zlib's query functions take pointers to non-const and change nothing.
z_stream* stream_of(const std::byte* engine) noexcept {
  return stream_of(const_cast<std::byte*>(engine));
}

// Whose blocks the zlib call in progress on this thread is given. Not the stream's opaque: a copy
// allocates through its source, which several threads may be copying.
thread_local const Allocator* feeding = nullptr;

void* feed(void*, unsigned items, unsigned item_bytes) {
  return feeding->take(items, item_bytes);
}
void keep(void*, void*) {}

void set_buffers(z_stream& stream, const std::uint8_t* in, std::uint32_t in_bytes,
                 std::uint8_t* out, std::uint32_t out_bytes) noexcept {
  stream.next_in = const_cast<Bytef*>(in);
  stream.avail_in = in_bytes;
  stream.next_out = out;
  stream.avail_out = out_bytes;
  stream.msg = nullptr;
}

}  // namespace

RawDeflate::RawDeflate() noexcept {
  static_assert(sizeof(z_stream) <= kEngineBytes);
  ::new (static_cast<void*>(engine_)) z_stream{};
}

StreamCode RawDeflate::open(const DeflateParameters& parameters, DeflateArena& arena) noexcept {
  z_stream* stream = stream_of(engine_);
  *stream = {};
  stream->zalloc = feed;
  stream->zfree = keep;
  const Allocator feeder = arena.feeder();
  feeding = &feeder;
  return StreamCode(wdz_deflateInit2_(
      stream, parameters.level, Z_DEFLATED, -parameters.window_bits, parameters.memory_level,
      static_cast<int>(parameters.strategy), ZLIB_VERSION, sizeof(z_stream)));
}

bool RawDeflate::is_open() const noexcept {
  return stream_of(engine_)->state != nullptr;
}

StreamCode RawDeflate::close() noexcept {
  z_stream* stream = stream_of(engine_);
  const int code = stream->state == nullptr ? Z_OK : wdz_deflateEnd(stream);
  *stream = {};
  return StreamCode(code);
}

StreamCode RawDeflate::reset() noexcept {
  return StreamCode(wdz_deflateReset(stream_of(engine_)));
}

StreamCode RawDeflate::reset_keep_history() noexcept {
  return StreamCode(wdz_deflateResetKeep(stream_of(engine_)));
}

StreamCode RawDeflate::copy_from(const RawDeflate& source, DeflateArena& arena) noexcept {
  const Allocator feeder = arena.feeder();
  feeding = &feeder;
  return StreamCode(wdz_deflateCopy(stream_of(engine_), stream_of(source.engine_)));
}

RawDeflate::Step RawDeflate::run(const std::uint8_t* in, std::uint32_t in_bytes, std::uint8_t* out,
                                 std::uint32_t out_bytes, Flush flush) noexcept {
  z_stream* stream = stream_of(engine_);
  set_buffers(*stream, in, in_bytes, out, out_bytes);
  const int code = wdz_deflate(stream, static_cast<int>(flush));
  return {in_bytes - stream->avail_in, out_bytes - stream->avail_out, StreamCode(code)};
}

RawDeflate::Step RawDeflate::set_parameters(int level, Strategy strategy, const std::uint8_t* in,
                                            std::uint32_t in_bytes, std::uint8_t* out,
                                            std::uint32_t out_bytes) noexcept {
  z_stream* stream = stream_of(engine_);
  set_buffers(*stream, in, in_bytes, out, out_bytes);
  const int code = wdz_deflateParams(stream, level, static_cast<int>(strategy));
  return {in_bytes - stream->avail_in, out_bytes - stream->avail_out, StreamCode(code)};
}

StreamCode RawDeflate::tune(const DeflateTuning& tuning) noexcept {
  return StreamCode(wdz_deflateTune(stream_of(engine_), tuning.good_length, tuning.max_lazy,
                                    tuning.nice_length, tuning.max_chain));
}

StreamCode RawDeflate::prime(int bits, int value) noexcept {
  return StreamCode(wdz_deflatePrime(stream_of(engine_), bits, value));
}

void RawDeflate::pending(unsigned* bytes, int* bits) const noexcept {
  wdz_deflatePending(stream_of(engine_), bytes, bits);
}

StreamCode RawDeflate::set_dictionary(const std::uint8_t* dictionary,
                                      std::uint32_t bytes) noexcept {
  return StreamCode(wdz_deflateSetDictionary(stream_of(engine_), dictionary, bytes));
}

StreamCode RawDeflate::get_dictionary(std::uint8_t* dictionary,
                                      std::uint32_t* bytes) const noexcept {
  return StreamCode(wdz_deflateGetDictionary(stream_of(engine_), dictionary, bytes));
}

int RawDeflate::data_type() const noexcept {
  return stream_of(engine_)->data_type;
}
const char* RawDeflate::message() const noexcept {
  return stream_of(engine_)->msg;
}

// zlib 1.2.13's deflateBound without the wrapper; but at level 0, where zlib's is up to three bytes
// too small for the shortest inputs (mended in 1.3), the larger of its two estimates. Later
// versions promise the same or less.
std::size_t RawDeflate::bound(const DeflateParameters& parameters, std::size_t n) noexcept {
  const int hash_bits = parameters.memory_level + 7;
  if (parameters.window_bits == kMaxWindowBits && hash_bits == kDefaultMemoryLevel + 7)
    return n + (n >> 12) + (n >> 14) + (n >> 25) + 7;
  const std::size_t stored = n + (n >> 5) + (n >> 7) + (n >> 11) + 7;
  const std::size_t fixed = n + (n >> 3) + (n >> 8) + (n >> 9) + 4;
  if (parameters.window_bits > hash_bits) return stored;
  return parameters.level == 0 ? std::max(stored, fixed) : fixed;
}

WD_NAMESPACE_END
